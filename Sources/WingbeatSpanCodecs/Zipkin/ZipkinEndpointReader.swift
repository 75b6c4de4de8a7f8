// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

/// Reads endpoints from Zipkin's JSON; one in which nothing is known is no endpoint.
///
/// One that is written as another was before is not read again: all spans of it share one copy.
struct ZipkinEndpointReader: ~Copyable {
    private let memo: Memo<Shared<NetworkEndpoint>?>

    /// A reader of endpoints in an input of so many bytes, which must outlive it.
    init(inputBytes: Int) {
        memo = Memo(inputBytes: inputBytes, limit: 128)
    }

    /// Reads an endpoint.
    @inline(__always)
    func read(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> Shared<NetworkEndpoint>? {
        let raw = scanner.upToBrace(limit: 512)
        if let known = memo.value(of: raw) {
            scanner.index += raw.count
            return known
        }
        return try readNew(&scanner, raw)
    }

    @inline(never)
    private func readNew(
        _ scanner: inout JSONScanner,
        _ raw: UnsafeBufferPointer<UInt8>
    ) throws(SpanDecodingError) -> Shared<NetworkEndpoint>? {
        let start = scanner.index
        let endpoint = try Self.endpoint(&scanner).map(Shared.init)
        if scanner.index == start + raw.count { memo.remember(endpoint, for: raw) }
        return endpoint
    }

    private static func endpoint(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> NetworkEndpoint? {
        var endpoint = NetworkEndpoint()
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "serviceName":
                let name = try scanner.string()
                endpoint.serviceName = name.isEmpty ? nil : name
            case "ipv4", "ipv6": endpoint.setAddress(try scanner.string())
            case "port": try endpoint.setPort(try scanner.integer())
            default: try scanner.skipValue()
            }
        }
        return endpoint.isEmpty ? nil : endpoint
    }
}

extension JSONScanner {
    /// What comes next, after white space, up to the first closing brace and with it; nothing where none is near.
    @inline(__always)
    fileprivate mutating func upToBrace(limit: Int) -> UnsafeBufferPointer<UInt8> {
        _ = peek()
        guard let base = bytes.baseAddress else { return bytes }
        let end = min(bytes.count, index + limit)
        var position = index
        while position + 8 <= end {
            let prefix = EightBytes(base + position).prefix(upTo: UInt8(ascii: "}"))
            position += prefix
            if prefix < 8 { return UnsafeBufferPointer(rebasing: bytes[index...position]) }
        }
        return UnsafeBufferPointer(rebasing: bytes[index..<index])
    }
}
