// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// One observed value and the trace in which it was observed: the way from a graph to a trace.
public struct Exemplar: Hashable, Sendable {
    /// The observed value.
    public let value: Double
    /// The trace that was current; always a sampled one, for others cannot be looked up.
    public let traceID: TraceID
    /// The span that was current.
    public let spanID: SpanID
    /// When the value was observed, in nanoseconds since 1970.
    public let unixNanoseconds: UInt64

    /// An exemplar.
    public init(value: Double, traceID: TraceID, spanID: SpanID, unixNanoseconds: UInt64) {
        self.value = value
        self.traceID = traceID
        self.spanID = spanID
        self.unixNanoseconds = unixNanoseconds
    }
}
