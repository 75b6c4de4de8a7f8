// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatSpans
public import Tracing
public import WingbeatModel

/// The tracer behind swift-distributed-tracing.
///
/// A span that is not sampled records nothing, but its context still carries the ids, and everything else that came
/// in, to the next service. The parts of a tracer can be exchanged while it is used; its copies are the same tracer.
public struct WingbeatTracer: Tracer {
    /// The parts of a tracer.
    public struct Configuration: Sendable {
        /// Who the spans are from.
        public var resource: Resource
        /// Which library makes the spans.
        public var scope = InstrumentationScope(name: "wingbeat")
        /// Which traces are recorded.
        public var sampler: any Sampler
        /// How the context travels.
        public var propagators: Propagators
        /// Where finished spans go.
        public var reporter: any SpanReporter
        /// How much one span may hold.
        public var limits = SpanLimits()

        /// The parts; by default all traces are recorded unless the caller decided otherwise.
        public init(
            resource: Resource,
            sampler: any Sampler = ParentBasedSampler(),
            propagators: Propagators = .standard,
            reporter: any SpanReporter = DiscardingSpanReporter()
        ) {
            self.resource = resource
            self.sampler = sampler
            self.propagators = propagators
            self.reporter = reporter
        }
    }

    /// The API asks each time whether the tracer is one, which is answered sooner for a structure than for a class.
    private let parts: TracerParts

    /// A tracer of its parts.
    public init(_ configuration: Configuration) {
        parts = TracerParts(configuration)
    }

    /// Exchanges the parts. Spans that have begun are reported to the reporter with which they began. The old parts are
    /// kept in memory until the tracer ends.
    public func reconfigure(_ configuration: Configuration) { parts.replace(configuration) }

    /// Which traces are recorded.
    public var sampler: any Sampler { parts.current.sampler }

    /// What was done so far.
    public var totals: SpanTotals { parts.totals }

    /// Begins a span that its owner ends, below the trace of the current task; a new trace where there is none.
    ///
    /// - Parameters:
    ///   - name: what is done, for example `charge card`.
    ///   - kind: the side of a remote call.
    public func begin(_ name: String, kind: SpanRecord.Kind = .internal) -> OwnedSpan {
        guard let entry = ServiceContext.current?.entry else { return beginTrace(name, kind: kind) }
        guard let parent = entry.trace else { return begin(name, kind, nil, entry.requestedSampling, "") { nil } }
        return begin(name, kind: kind, below: parent)
    }

    /// Begins a span that its owner ends, as part of what the parent is part of.
    public func begin(_ name: String, kind: SpanRecord.Kind = .internal, below parent: TraceContext) -> OwnedSpan {
        begin(name, kind, SpanParent(parent), nil, parent.traceState) { parent }
    }

    /// Begins a span that its owner ends, and with it a new trace.
    public func beginTrace(_ name: String, kind: SpanRecord.Kind = .internal) -> OwnedSpan {
        begin(name, kind, nil, nil, "") { nil }
    }

    @inline(__always)
    private func begin(
        _ name: String,
        _ kind: SpanRecord.Kind,
        _ parent: SpanParent?,
        _ requested: SamplingDecision?,
        _ traceState: String,
        _ context: () -> TraceContext?
    ) -> OwnedSpan {
        let hot = parts.hot
        let ids = hot.newIDs(name, kind, below: parent, requested: requested, context: context)
        guard ids.sampling.isSampled else { return OwnedSpan(ids, traceState, nil) }
        let now = wingbeat_now()
        let (span, contents) = hot.begin(ids, name, kind, traceState, at: now.wall)
        contents.pointee.start = now.monotonic
        return OwnedSpan(ids, traceState, span)
    }

    /// Begins a span below the context's trace, or a new trace when it has none.
    public func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> WingbeatSpan {
        let hot = parts.hot
        let outer = context()
        let entry = outer.entry
        let kind = SpanRecord.Kind(kind)
        let above = entry?.trace
        let parent = above.map { SpanParent($0) }
        let asked = entry?.requestedSampling
        let ids = hot.newIDs(operationName, kind, below: parent, requested: asked) { above }
        let trace = ids.context(above?.traceState ?? "")
        guard ids.sampling.isSampled else { return WingbeatSpan(unsampled: trace, in: outer, named: operationName) }
        let start = instant().nanosecondsSinceEpoch
        let (span, contents) = hot.begin(ids, operationName, kind, trace.traceState, at: start)
        contents.pointee.start = SpanClock.monotonic(near: start)
        return WingbeatSpan(trace, in: outer, span.takeRetainedValue())
    }

    /// The span that made the context, which holds it, also after its end; nil for a context of an ``OwnedSpan`` and for one
    /// that came in headers.
    public func activeSpan(identifiedBy context: ServiceContext) -> WingbeatSpan? {
        context.entry?.span as? WingbeatSpan
    }

    /// Does nothing: the reporter flushes when its service shuts down.
    public func forceFlush() {}
}

extension WingbeatTracer {
    /// Reads the context from headers; the first format that finds a trace counts. Where none does, the context keeps
    /// what it had.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout ServiceContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        let original = context.entry
        context.entry = nil
        for propagator in propagators.extract {
            let found = context.traceContext
            propagator.extract({ extractor.extract(key: $0, from: carrier) }, into: &context)
            if let found { context.traceContext = found }
        }
        if context.traceContext == nil, let original {
            context.entry = ContextEntry(
                trace: original.trace,
                requestedSampling: context.requestedSampling ?? original.requestedSampling,
                span: original.span
            )
        }
    }

    /// Writes the context into headers.
    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        for propagator in propagators.inject {
            propagator.inject(context) { injector.inject($1, forKey: $0, into: &carrier) }
        }
    }

    private var propagators: Propagators { parts.current.propagators }
}

extension UnsafeMutablePointer<TracerRoute.Hot> {
    /// The ids of a new span, and whether it is recorded.
    @inline(__always)
    fileprivate func newIDs(
        _ name: String,
        _ kind: SpanRecord.Kind,
        below parent: SpanParent?,
        requested: SamplingDecision?,
        context: () -> TraceContext?
    ) -> SpanIDs {
        let (traceID, spanID) = parent.map { ($0.traceID, NewIDs.span()) } ?? NewIDs.root()
        let sampling = decision(name, kind, of: traceID, below: parent, requested: requested, context: context)
        if !sampling.isSampled { pointee.counts.sampledOut() }
        return SpanIDs(
            traceID: traceID,
            spanID: spanID,
            parentID: parent?.spanID,
            sampling: sampling,
            isBelowRemote: parent?.isRemote ?? false,
            hasRandomTraceID: parent?.hasRandomTraceID ?? false
        )
    }

    /// Memory, of which the caller is the owner, in which the span is recorded from now on.
    @inline(__always)
    fileprivate func begin(
        _ ids: SpanIDs,
        _ name: String,
        _ kind: SpanRecord.Kind,
        _ traceState: String,
        at start: UInt64
    ) -> (Unmanaged<FinishedSpan>, UnsafeMutablePointer<SpanContents>) {
        pointee.counts.begun()
        let span = SpanPool.take(self)
        let contents = span._withUnsafeGuaranteedRef { $0.contents }
        contents.pointee.begin(ids, name, kind, at: start, self)
        if !traceState.isEmpty { contents.pointee.record.traceState = traceState }
        return (span, contents)
    }
}
