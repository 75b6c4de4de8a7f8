// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Tracing
import WingbeatModel
import WingbeatTesting
import WingbeatTraces

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the faulty tracer does wrong.
enum TracerFault: CaseIterable {
    case forgetsParents, joinsAllTraces, losesTheApplicationsValues, losesTheContextOfUnsampled, reportsUnsampled
    case losesErrors, ignoresCancellation, endsTwice, changesAfterTheEnd, losesTypes, keepsTheFirstValue
    case losesEvents, losesLinks, keepsTheFirstStatus, losesKinds, losesNames
    case ignoresInstants, hasNegativeDurations, doesNotKnowItsSpans, injectsNothing, extractsNothing
    case believesNonsense, losesTheContextOnNonsense, growsForever, losesConcurrentAttributes

    /// The first rule that it breaks.
    var brokenRule: TracerRule {
        switch self {
        case .forgetsParents, .joinsAllTraces: .nesting
        case .losesTheApplicationsValues: .context
        case .losesTheContextOfUnsampled, .reportsUnsampled, .injectsNothing: .unsampled
        case .losesErrors, .ignoresCancellation: .errors
        case .endsTwice, .changesAfterTheEnd: .end
        case .losesTypes, .keepsTheFirstValue: .attributes
        case .losesEvents, .losesLinks: .events
        case .keepsTheFirstStatus, .losesKinds, .losesNames: .status
        case .ignoresInstants, .hasNegativeDurations: .time
        case .doesNotKnowItsSpans: .active
        case .extractsNothing: .propagation
        case .believesNonsense, .losesTheContextOnNonsense: .nonsense
        case .growsForever: .bounds
        case .losesConcurrentAttributes: .concurrency
        }
    }
}

/// Where the faulty tracers' spans go.
final class FaultyBackend: Sendable {
    let fault: TracerFault
    private let reporter: InMemorySpanReporter
    private let ending = Mutex<[WingbeatSpan]>([])

    init(_ fault: TracerFault, _ reporter: InMemorySpanReporter) {
        self.fault = fault
        self.reporter = reporter
    }

    /// Reports a span of which the tracer knows nothing.
    func report(_ name: String) {
        guard let traceID = TraceID(hex: "1"), let id = SpanID(hex: "1") else { return }
        reporter.report(FinishedSpan(SpanRecord(traceID: traceID, id: id, name: name)))
    }

    /// Ends a span when somebody looks.
    func endLater(_ span: WingbeatSpan) { ending.withLock { $0.append(span) } }

    var finished: [SpanRecord] {
        for span in ending.withLock({ $0 }) { span.end() }
        return reporter.spans.map { record in
            var record = record
            if fault == .hasNegativeDurations, record.durationNanoseconds == 1 { record.durationNanoseconds = .max }
            return record
        }
    }
}

/// Wingbeat's tracer with one fault.
struct FaultyTracer: Tracer {
    let base: WingbeatTracer
    let backend: FaultyBackend
    /// Everything begins below it when all traces are one.
    private let first: WingbeatSpan

    init(_ base: WingbeatTracer, _ backend: FaultyBackend) {
        self.base = base
        self.backend = backend
        first = base.startSpan("first", context: .topLevel)
    }

    private var fault: TracerFault { backend.fault }

    func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> FaultySpan {
        var context = context()
        if fault == .forgetsParents { context = .topLevel }
        if fault == .joinsAllTraces, context.traceContext == nil { context.traceContext = first.context.traceContext }
        let kind = fault == .losesKinds ? .internal : kind
        if fault == .ignoresInstants {
            return FaultySpan(base.startSpan(operationName, context: context, ofKind: kind), self)
        }
        return FaultySpan(base.startSpan(operationName, context: context, ofKind: kind, at: instant()), self)
    }

    func activeSpan(identifiedBy context: ServiceContext) -> FaultySpan? {
        if fault == .doesNotKnowItsSpans { return nil }
        return base.activeSpan(identifiedBy: context).map { FaultySpan($0, self) }
    }

    func forceFlush() {}

    func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        if fault != .injectsNothing { base.inject(context, into: &carrier, using: injector) }
    }

    func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout ServiceContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        if fault == .extractsNothing { return }
        if fault == .losesTheContextOnNonsense, extractor.extract(key: "traceparent", from: carrier) == "nonsense" {
            context = .topLevel
        }
        base.extract(carrier, into: &context, using: extractor)
        if fault == .believesNonsense, extractor.extract(key: "traceparent", from: carrier) == "nonsense" {
            context.traceContext = first.context.traceContext
        }
    }
}

/// Wingbeat's span with one fault.
struct FaultySpan: Span {
    private let base: WingbeatSpan
    private let tracer: FaultyTracer

    init(_ base: WingbeatSpan, _ tracer: FaultyTracer) {
        self.base = base
        self.tracer = tracer
    }

    private var fault: TracerFault { tracer.backend.fault }

    var context: ServiceContext {
        if fault == .losesTheContextOfUnsampled, base.context.traceContext?.sampling == .notSampled { return .topLevel }
        guard fault == .losesTheApplicationsValues else { return base.context }
        var context = ServiceContext.topLevel
        context.traceContext = base.context.traceContext
        return context
    }

    var operationName: String {
        get { base.operationName }
        nonmutating set {
            if fault != .losesNames { base.operationName = newValue }
        }
    }

    var attributes: SpanAttributes {
        get {
            let attributes = base.attributes
            if fault == .losesConcurrentAttributes { usleep(100) }
            return attributes
        }
        nonmutating set {
            var attributes = newValue
            if fault == .losesTypes { attributes = attributes.withNumbersAsTexts }
            if fault == .keepsTheFirstValue { base.attributes.forEach { attributes.set($0, value: $1) } }
            base.attributes = attributes
        }
    }

    var isRecording: Bool { base.isRecording }

    func setStatus(_ status: SpanStatus) {
        if fault == .keepsTheFirstStatus, base.attributes["status"] != nil { return }
        if fault == .keepsTheFirstStatus { base.attributes["status"] = true }
        base.setStatus(status)
    }

    func addEvent(_ event: SpanEvent) {
        if fault != .losesEvents { base.addEvent(event) }
    }

    func addLink(_ link: SpanLink) {
        if fault != .losesLinks { base.addLink(link) }
    }

    func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        if fault == .losesErrors || fault == .ignoresCancellation && error is CancellationError { return }
        base.recordError(error, attributes: attributes, at: instant())
    }

    func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        switch fault {
        case .changesAfterTheEnd: tracer.backend.endLater(base)
        case .endsTwice where !base.isRecording: tracer.base.startSpan("work", context: .topLevel).end()
        case .reportsUnsampled where !base.isRecording: tracer.backend.report("dropped")
        case .ignoresInstants: base.end()
        default: base.end(at: instant())
        }
    }
}

extension SpanAttributes {
    fileprivate var withNumbersAsTexts: SpanAttributes {
        var texts = self
        forEach { key, value in
            if case .int64(let number) = value { texts.set(key, value: .string("\(number)")) }
        }
        return texts
    }
}
