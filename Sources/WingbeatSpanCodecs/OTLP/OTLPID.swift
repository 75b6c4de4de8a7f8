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

    /// The id of a trace; nil where there are not sixteen bytes, or all are zero.
    var traceID: TraceID? { count == 16 ? TraceID(high: high, low: low) : nil }

    /// The id of a span; nil where there are not eight bytes, or all are zero.
    var spanID: SpanID? { count == 8 ? SpanID(low) : nil }
}

/// The ids of a span.
struct OTLPIDs {
    var trace = OTLPID.none
    var span = OTLPID.none
    var parent = OTLPID.none

    /// Gives a span its ids; or else returns what is wrong with them.
    @inline(__always)
    func set(of record: inout SpanRecord) -> String? {
        guard let traceID = trace.traceID, let id = span.spanID, parent.count == 8 || parent.count == 0 else {
            return problem
        }
        record.traceID = traceID
        record.id = id
        record.parentID = parent.spanID
        return nil
    }

    private var problem: String {
        if trace.traceID == nil { return Self.problem("trace id", trace, expected: 16) }
        if span.spanID == nil { return Self.problem("span id", span, expected: 8) }
        return Self.problem("parent span id", parent, expected: 8)
    }

    private static func problem(_ name: String, _ id: OTLPID, expected: Int) -> String {
        if id.count == 0 { return "\(name) is missing" }
        if id.count == expected { return "\(name) is all zeros" }
        return "\(name) has \(id.count) bytes, expected \(expected)"
    }
}
