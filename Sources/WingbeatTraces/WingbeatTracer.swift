// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import Tracing
public import WingbeatModel

/// The tracer behind swift-distributed-tracing.
///
/// A span that is not sampled records nothing, but its context still carries the ids, and everything else that came
/// in, to the next service. The parts of a tracer can be exchanged while it is used.
public final class WingbeatTracer: Tracer {
    /// The parts of a tracer.
    public struct Configuration: Sendable {
        /// Who the spans are from.
        public var resource: Resource
        /// Which traces are recorded.
        public var sampler: any Sampler
        /// How the context travels.
        public var propagators: Propagators
        /// Where finished spans go.
        public var reporter: any SpanReporter

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

    private let configuration: Mutex<Configuration>
    private let identifiers = IDGenerator()
    private let clock = WallClock()

    /// A tracer of its parts.
    public init(_ configuration: Configuration) {
        self.configuration = Mutex(configuration)
    }

    /// Exchanges the parts. Spans that have begun are reported to the reporter with which they began.
    public func reconfigure(_ configuration: Configuration) {
        self.configuration.withLock { $0 = configuration }
    }

    /// Which traces are recorded.
    public var sampler: any Sampler { configuration.withLock { $0.sampler } }

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
        let configuration = configuration.withLock { $0 }
        var context = context()
        let trace = newTrace(
            below: context,
            named: operationName,
            kind: SpanRecord.Kind(kind) ?? .internal,
            sampler: configuration.sampler
        )
        context.traceContext = trace
        if context.requestedSampling != nil { context.requestedSampling = nil }
        guard trace.sampling.isSampled else { return WingbeatSpan(unsampled: context, name: operationName) }
        let start = clock.mark(instant().nanosecondsSinceEpoch)
        return WingbeatSpan(
            context: context,
            trace: trace,
            name: operationName,
            kind: kind,
            start: start,
            clock: clock,
            resource: configuration.resource,
            reporter: configuration.reporter
        )
    }

    /// The span that made the context, as long as it has not been released.
    public func activeSpan(identifiedBy context: ServiceContext) -> WingbeatSpan? {
        // A dropped span, or headers that were read, put another trace into a context that came from a live span.
        guard let span = context.activeSpan, span.context.traceContext == context.traceContext else { return nil }
        return span
    }

    /// Does nothing: the reporter flushes when its service shuts down.
    public func forceFlush() {}

    /// Reads the context from headers; the first format that finds a trace counts. Where none does, the context keeps
    /// what it had.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout ServiceContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        let original = context.traceContext
        context.traceContext = nil
        for propagator in configuration.withLock({ $0.propagators.extract }) {
            let found = context.traceContext
            propagator.extract({ extractor.extract(key: $0, from: carrier) }, into: &context)
            if let found { context.traceContext = found }
        }
        if context.traceContext == nil { context.traceContext = original }
    }

    /// Writes the context into headers.
    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        for propagator in configuration.withLock({ $0.propagators.inject }) {
            propagator.inject(context) { injector.inject($1, forKey: $0, into: &carrier) }
        }
    }

    private func newTrace(
        below context: ServiceContext,
        named name: String,
        kind: SpanRecord.Kind,
        sampler: any Sampler
    ) -> TraceContext {
        let parent = context.traceContext
        let traceID = parent?.traceID ?? identifiers.traceID()
        var trace = TraceContext(
            traceID: traceID,
            spanID: identifiers.spanID(),
            parentID: parent?.spanID,
            sampling: decide(parent: parent, requested: context.requestedSampling) {
                sampler.isSampled(SamplingRequest(traceID: traceID, parent: parent, name: name, kind: kind))
            },
            traceState: parent?.traceState ?? ""
        )
        trace.hasRandomTraceID = parent?.hasRandomTraceID ?? false
        return trace
    }

    private func decide(
        parent: TraceContext?,
        requested: SamplingDecision?,
        ask: () -> Bool
    ) -> SamplingDecision {
        if parent?.sampling == .debug { return .debug }
        if parent == nil, let requested { return requested }
        return ask() ? .sampled : .notSampled
    }
}
