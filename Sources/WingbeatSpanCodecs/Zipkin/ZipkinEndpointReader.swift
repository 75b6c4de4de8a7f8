// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Reads `localEndpoint` and `remoteEndpoint`; one in which nothing is known is no endpoint.
enum ZipkinEndpointReader {
    static func read(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> NetworkEndpoint? {
        var endpoint = NetworkEndpoint()
        try scanner.object { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "serviceName":
                let name = try scanner.string()
                endpoint.serviceName = name.isEmpty ? nil : name
            case "ipv4", "ipv6": endpoint.setAddress(try scanner.string())
            case "port": endpoint.port = try port(&scanner)
            default: try scanner.skipValue()
            }
        }
        return endpoint.isEmpty ? nil : endpoint
    }

    private static func port(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> UInt16? {
        let port = try scanner.integer()
        guard port > 0 else { return nil }
        guard let valid = UInt16(exactly: port) else { throw SpanDecodingError("invalid port \(port)") }
        return valid
    }
}
