// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import WingbeatBytes
import WingbeatCollector
import WingbeatModel

/// A list of names as JSON.
enum NamesJSON {
    static func encode(_ names: [String]) -> [UInt8] {
        var bytes = Array("[".utf8)
        for (index, name) in names.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(jsonString: name)
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }
}

/// Dependency links as Zipkin writes them; no errors are said by leaving the number out.
enum DependencyLinksJSON {
    static func encode(_ links: [DependencyLink]) -> [UInt8] {
        var bytes = Array("[".utf8)
        for (index, link) in links.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(literal: "{\"parent\":")
            bytes.append(jsonString: link.parent)
            bytes.append(literal: ",\"child\":")
            bytes.append(jsonString: link.child)
            bytes.append(literal: ",\"callCount\":")
            bytes.append(decimal: link.callCount)
            if link.errorCount > 0 {
                bytes.append(literal: ",\"errorCount\":")
                bytes.append(decimal: link.errorCount)
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }
}

/// A trace id in a URL: 1 to 32 lower-case hexadecimal digits, white space around them allowed.
enum ZipkinTraceID {
    static func parse(_ text: String) throws(RequestError) -> TraceID {
        let digits = Substring(text).trimmingSpaces
        guard !digits.isEmpty else { throw RequestError(.badRequest, "traceId is empty") }
        guard digits.utf8.count <= 32 else { throw RequestError(.badRequest, "traceId.length > 32") }
        let isLowerHex = digits.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard isLowerHex else {
            throw RequestError(.badRequest, "\(digits) should be lower-hex encoded with no prefix")
        }
        guard let id = TraceID(hex: digits) else { throw RequestError(.badRequest, "traceId is all zeros") }
        return id
    }
}
