// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// What a sampler may look at when a span begins.
public struct SamplingRequest: Sendable {
    /// The trace of the new span.
    public let traceID: TraceID
    /// The context above the new span; nil at a root.
    public let parent: TraceContext?
    /// The name with which the span begins.
    public let name: String
    /// The side of a remote call on which it is.
    public let kind: SpanRecord.Kind

    /// A question about a span that begins.
    public init(traceID: TraceID, parent: TraceContext? = nil, name: String, kind: SpanRecord.Kind = .internal) {
        self.traceID = traceID
        self.parent = parent
        self.name = name
        self.kind = kind
    }
}

/// Decides which traces are recorded.
public protocol Sampler: Sendable {
    /// True when the span is to be recorded. Not asked for a trace with the debug flag: that is always recorded.
    func isSampled(_ request: SamplingRequest) -> Bool
}

/// Records everything.
public struct AlwaysSampler: Sampler {
    /// The sampler has no settings.
    public init() {}

    /// Always true.
    public func isSampled(_ request: SamplingRequest) -> Bool { true }
}

/// Records nothing.
public struct NeverSampler: Sampler {
    /// The sampler has no settings.
    public init() {}

    /// Always false.
    public func isSampled(_ request: SamplingRequest) -> Bool { false }
}

/// Records a share of traces, chosen by trace id, so that services with the same ratio choose the same traces.
///
/// The rule is that of OpenTelemetry's `TraceIdRatioBased`: the lowest 63 bits of the id, taken from its right half,
/// are compared with the ratio.
public struct RatioSampler: Sampler {
    private let bound: UInt64

    /// - Parameter ratio: from 0 (nothing) to 1 (everything); what lies outside is clamped, NaN is 0.
    public init(_ ratio: Double) {
        bound = ratio >= 1 ? 1 << 63 : ratio > 0 ? UInt64(ratio * 0x1p63) : 0
    }

    /// True for the share of trace ids.
    public func isSampled(_ request: SamplingRequest) -> Bool { request.traceID.low >> 1 < bound }
}

/// Follows the decision of the caller; asks another sampler where there is none.
public struct ParentBasedSampler: Sampler {
    let root: any Sampler
    /// The caller's decision always counts.
    var followsParents: Bool { true }

    /// - Parameter root: asked at the root of a trace and where the caller deferred the decision.
    public init(root: any Sampler = AlwaysSampler()) {
        self.root = root
    }

    /// The caller's decision, or the root sampler's.
    public func isSampled(_ request: SamplingRequest) -> Bool {
        guard let parent = request.parent, parent.sampling != .deferred else { return root.isSampled(request) }
        return parent.sampling.isSampled
    }
}
