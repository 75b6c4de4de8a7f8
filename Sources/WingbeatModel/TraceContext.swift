// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Whether a trace is recorded: a decision that travels with the request.
public enum SamplingDecision: Hashable, Sendable {
    /// Nobody decided yet: the receiver of the request may (B3 without a sampled flag).
    case deferred
    /// Not recorded; the ids still travel on.
    case notSampled
    /// Recorded.
    case sampled
    /// Recorded whatever any sampler, here or in the collector, says (B3's `d`).
    case debug

    /// True for ``sampled`` and ``debug``.
    public var isSampled: Bool { self == .sampled || self == .debug }
}

/// Where in which trace a piece of code runs: what crosses process borders in headers.
public struct TraceContext: Hashable, Sendable {
    /// The trace.
    public var traceID: TraceID
    /// The current span.
    public var spanID: SpanID
    /// The span above the current one; nil at the root and where the header did not tell.
    public var parentID: SpanID?
    /// Whether the trace is recorded.
    public var sampling: SamplingDecision
    /// W3C `tracestate`, carried on unchanged; empty where there was none.
    public var traceState: String
    /// True when the context came in a header, so that the current span lives in another process.
    public var isRemote: Bool
    /// True when a W3C header said that the trace id is random (level 2's flag); goes out as it came in.
    public var hasRandomTraceID = false

    /// A context of the given parts.
    public init(
        traceID: TraceID,
        spanID: SpanID,
        parentID: SpanID? = nil,
        sampling: SamplingDecision,
        traceState: String = "",
        isRemote: Bool = false
    ) {
        self.traceID = traceID
        self.spanID = spanID
        self.parentID = parentID
        self.sampling = sampling
        self.traceState = traceState
        self.isRemote = isRemote
    }
}
