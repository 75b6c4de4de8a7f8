// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

/// Reads ids as Zipkin's JSON has them: lower-case hexadecimal digits in a string, of which those at the left may be left
/// out when they are zero.
enum ZipkinID {
    /// Reads `traceId`, of up to 32 digits.
    @inline(__always)
    static func readTraceID(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> TraceID {
        let text = try scanner.text()
        guard let id = plainTraceID(text.bytes) else { return try anyTraceID(text.string) }
        return id
    }

    /// Reads `id`, of up to 16 digits.
    @inline(__always)
    static func readSpanID(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> SpanID {
        let text = try scanner.text()
        guard let id = plainSpanID(text.bytes) else { return try anySpanID(text.string) }
        return id
    }

    /// Reads `parentId`, of up to 16 digits; zeros mean that there is none.
    @inline(__always)
    static func readParentID(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> SpanID? {
        let text = try scanner.text()
        guard let id = plainSpanID(text.bytes) else { return try anyParentID(text.string) }
        return id
    }

    @inline(__always)
    private static func plainTraceID(_ digits: UnsafeBufferPointer<UInt8>) -> TraceID? {
        guard let start = digits.baseAddress else { return nil }
        switch digits.count {
        case 16: return sixteen(start).flatMap { TraceID(high: 0, low: $0) }
        case 32:
            guard let high = sixteen(start), let low = sixteen(start + 16) else { return nil }
            return TraceID(high: high, low: low)
        default: return nil
        }
    }

    @inline(__always)
    private static func plainSpanID(_ digits: UnsafeBufferPointer<UInt8>) -> SpanID? {
        guard let start = digits.baseAddress, digits.count == 16 else { return nil }
        return sixteen(start).flatMap(SpanID.init)
    }

    /// The number that sixteen lower-case hexadecimal digits mean.
    @inline(__always)
    private static func sixteen(_ digits: UnsafePointer<UInt8>) -> UInt64? {
        guard let high = EightBytes(digits).lowerHexadecimal, let low = EightBytes(digits + 8).lowerHexadecimal else {
            return nil
        }
        return high << 32 | low
    }

    @inline(never)
    private static func anyTraceID(_ text: String) throws(SpanDecodingError) -> TraceID {
        try check(text, "traceId", limit: 32)
        guard let id = TraceID(hex: text) else { throw SpanDecodingError("traceId is all zeros") }
        return id
    }

    @inline(never)
    private static func anySpanID(_ text: String) throws(SpanDecodingError) -> SpanID {
        try check(text, "id", limit: 16)
        guard let id = SpanID(hex: text) else { throw SpanDecodingError("id is all zeros") }
        return id
    }

    @inline(never)
    private static func anyParentID(_ text: String) throws(SpanDecodingError) -> SpanID? {
        try check(text, "parentId", limit: 16)
        return SpanID(hex: text)
    }

    private static func check(_ text: String, _ name: String, limit: Int) throws(SpanDecodingError) {
        guard !text.isEmpty else { throw SpanDecodingError("\(name) is empty") }
        guard text.utf8.count <= limit else { throw SpanDecodingError("\(name).length > \(limit)") }
        let isLowerHex = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard isLowerHex else { throw SpanDecodingError("\(text) should be lower-hex encoded with no prefix") }
    }
}
