// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// What a sampler may look at when a span begins. Attributes are not among it: a span gets them after it began.
public struct SamplingRequest: Sendable {
    /// The trace of the new span.
    public let traceID: TraceID
    /// The context above the new span; nil at a root.
    public let parent: TraceContext?
    /// The name with which the span begins. Spans of HTTP servers begin with method and path, `GET /orders/17`.
    public let name: String
    /// The role with which the span begins.
    public let kind: SpanRecord.Kind

    /// What is known of a span that begins.
    public init(traceID: TraceID, parent: TraceContext?, name: String, kind: SpanRecord.Kind = .internal) {
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

    /// The sampler inside whose ratio can be changed while the service runs; nil when there is none.
    var adjustable: AdjustableSampler? { get }
}

extension Sampler {
    /// None.
    public var adjustable: AdjustableSampler? { nil }
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
