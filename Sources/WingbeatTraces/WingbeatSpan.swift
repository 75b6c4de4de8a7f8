// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import Tracing
import WingbeatModel

/// A span that is being recorded, or one that is not sampled and only carries its context.
///
/// Any thread may use it. What is set after the first ``end(at:)`` is ignored.
public final class WingbeatSpan: Span {
    /// The context for work inside the span: the incoming one with this span as the current.
    public let context: ServiceContext
    private let recording: Recording?
    private let state: Mutex<State>

    private struct Recording {
        let trace: TraceContext
        let kind: SpanKind
        let start: WallClock.Mark
        let clock: WallClock
        let resource: Resource
        let reporter: any SpanReporter
    }

    private struct State {
        var name: String
        var attributes: SpanAttributes = [:]
        var events: [SpanEvent] = []
        var links: [SpanLink] = []
        var status: SpanStatus?
        var lastError: String?
        var isEnded = false
    }

    init(unsampled context: ServiceContext, name: String) {
        self.context = context
        recording = nil
        state = Mutex(State(name: name))
    }

    init(
        context: ServiceContext,
        trace: TraceContext,
        name: String,
        kind: SpanKind,
        start: WallClock.Mark,
        clock: WallClock,
        resource: Resource,
        reporter: any SpanReporter
    ) {
        let own = WeakSpan()
        var context = context
        context.activeSpanReference = own
        self.context = context
        recording = Recording(
            trace: trace,
            kind: kind,
            start: start,
            clock: clock,
            resource: resource,
            reporter: reporter
        )
        state = Mutex(State(name: name))
        own.set(self)
    }

    /// False when the span is not sampled, and after its end.
    public var isRecording: Bool { recording != nil && !state.withLock { $0.isEnded } }

    /// What the span does; may be changed until its end.
    public var operationName: String {
        get { state.withLock { $0.name } }
        set { change { $0.name = newValue } }
    }

    /// The attributes; empty when not sampled.
    public var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { change { $0.attributes = newValue } }
    }

    /// Says how the work ended; the last call counts.
    public func setStatus(_ status: SpanStatus) { change { $0.status = status } }

    /// Adds something that happened at a moment.
    public func addEvent(_ event: SpanEvent) { change { $0.events.append(event) } }

    /// Adds a reference to another span.
    public func addLink(_ link: SpanLink) { change { $0.links.append(link) } }

    /// Adds an event `exception` with the error's type and text. The status stays; if it is set to an error without a
    /// message, the text becomes its message.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        guard recording != nil else { return }
        var attributes = attributes
        let message = "\(error)"
        attributes["exception.type"] = String(reflecting: type(of: error))
        attributes["exception.message"] = message
        let event = SpanEvent(name: "exception", at: instant(), attributes: attributes)
        change {
            $0.events.append(event)
            $0.lastError = message
        }
    }

    /// Ends the span and reports it. A second call does nothing.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard let recording else { return }
        let end = recording.clock.mark(instant().nanosecondsSinceEpoch)
        let final: State? = state.withLock { state in
            defer { state.isEnded = true }
            return state.isEnded ? nil : state
        }
        guard let final else { return }
        recording.reporter.report(FinishedSpan(record(of: final, recording, end: end)))
    }

    private func change(_ body: (inout State) -> Void) {
        guard recording != nil else { return }
        state.withLock { if !$0.isEnded { body(&$0) } }
    }

    private func record(of state: State, _ recording: Recording, end: WallClock.Mark) -> SpanRecord {
        let trace = recording.trace
        var record = SpanRecord(traceID: trace.traceID, id: trace.spanID, parentID: trace.parentID, name: state.name)
        record.kind = SpanRecord.Kind(recording.kind)
        record.startNanoseconds = recording.start.wall
        record.durationNanoseconds = recording.clock.duration(from: recording.start, to: end)
        record.status = SpanRecord.Status(state.status, lastError: state.lastError)
        record.attributes = Array(spanAttributes: state.attributes)
        record.events = state.events.map(SpanRecord.Event.init)
        record.links = state.links.compactMap(SpanRecord.Link.init)
        record.resource = recording.resource
        record.isDebug = trace.sampling == .debug
        return record
    }
}

extension ServiceContext {
    var activeSpan: WingbeatSpan? { activeSpanReference?.span }

    fileprivate var activeSpanReference: WeakSpan? {
        get { self[ActiveSpanKey.self] }
        set { self[ActiveSpanKey.self] = newValue }
    }
}

/// Breaks the circle of a span that holds the context in which it is found.
private final class WeakSpan: Sendable {
    private struct Reference {
        weak var span: WingbeatSpan?
    }

    private let reference = Mutex(Reference())

    var span: WingbeatSpan? { reference.withLock { $0.span } }

    func set(_ span: WingbeatSpan) { reference.withLock { $0.span = span } }
}

private enum ActiveSpanKey: ServiceContextKey {
    typealias Value = WeakSpan
    static var nameOverride: String? { "wingbeat.active-span" }
}
