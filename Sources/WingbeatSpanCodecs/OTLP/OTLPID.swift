// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// The bytes of an id in a request: OTLP's have 16, 8 or none; what else comes is told in the reason of a rejection.
struct OTLPID {
    /// No bytes: the id is not there.
    static let none = OTLPID(high: 0, low: 0, count: 0)

    private let high: UInt64
    private let low: UInt64
    /// How many bytes came.
    let count: Int

    /// An id of sixteen bytes, or of eight bytes, which are the low ones.
    init(high: UInt64, low: UInt64, count: Int) {
        self.high = high
        self.low = low
        self.count = count
    }

    /// An id of bytes as they stand in protocol buffers.
    @inline(__always)
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(bytes)
        count = raw.count
        high = raw.count == 16 ? UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)) : 0
        let isKnown = raw.count == 16 || raw.count == 8
        low = isKnown ? UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: raw.count - 8, as: UInt64.self)) : 0
    }

    /// An id in hexadecimal digits of either case, as it stands in JSON.
    init(hex text: String) {
        let digits = text.utf8.count
        let isKnown = digits == 32 || digits == 16
        high = digits == 32 ? TraceID(hex: text)?.high ?? 0 : 0
        low = isKnown ? TraceID(hex: text)?.low ?? 0 : 0
        count = (digits + 1) / 2
    }

    /// The id of a trace; nil where there are not sixteen bytes, or all are zero.
    var traceID: TraceID? { count == 16 ? TraceID(high: high, low: low) : nil }

    /// The id of a span; nil where there are not eight bytes, or all are zero.
    var spanID: SpanID? { count == 8 ? SpanID(low) : nil }

    /// What is wrong with an id that should have so many bytes.
    func problem(_ name: String, expected: Int) -> String {
        if count == 0 { return "\(name) is missing" }
        if count == expected { return "\(name) is all zeros or no number" }
        return "\(name) has \(count) bytes, expected \(expected)"
    }
}
