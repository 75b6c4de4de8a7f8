// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Keeps a share of all traces, whole ones, chosen by their ids; spans with the debug flag are always kept.
///
/// Source: Zipkin's `CollectorSampler`; collectors with the same rate choose the same traces.
public struct RateSampler: Hashable, Sendable {
    /// The share of traces that are kept, from 0 to 1.
    public let rate: Double
    private let boundary: UInt64

    /// - Parameter rate: from 0 to 1; what lies beyond is taken for the nearer of them, and what is no number for 1.
    public init(rate: Double) {
        self.rate = rate.isNaN ? 1 : min(max(rate, 0), 1)
        boundary = self.rate == 1 ? UInt64(Int64.max) : UInt64(Double(Int64.max) * self.rate)
    }

    /// True when the traces of a span are kept.
    public func keeps(_ span: SpanRecord) -> Bool { span.isDebug || keeps(span.traceID) }

    /// True when a trace is kept.
    public func keeps(_ trace: TraceID) -> Bool {
        min(Int64(bitPattern: trace.low).magnitude, UInt64(Int64.max)) <= boundary && rate > 0
    }
}
