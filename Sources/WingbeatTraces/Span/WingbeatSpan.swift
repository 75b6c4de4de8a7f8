// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import Tracing
import WingbeatModel

/// A span of swift-distributed-tracing: one that is recorded, or one that is not sampled and only carries its context.
///
/// Any thread may use it. What is set after the first ``end(at:)`` is ignored. One that is released without having ended
/// is not reported, but counted as forgotten (``SpanTotals/forgotten``).
public final class WingbeatSpan: Span {
    let trace: TraceContext
    /// What it was begun with.
    private let outer: ServiceContext
    private let state: Mutex<State>

    private struct State {
        /// Nil when the span is not sampled, and once it has ended.
        var recording: FinishedSpan?
        /// The name when it is not recording.
        var name: String

        /// Nil also when it has ended and only waits for attributes that are being changed.
        var open: FinishedSpan? {
            guard let recording, !recording.contents.pointee.shared.hasEnded else { return nil }
            return recording
        }

        /// What was recorded, which nobody changes any more.
        mutating func close() -> FinishedSpan? {
            name = recording?.contents.pointee.record.name ?? name
            return recording.take()
        }
    }

    init(unsampled trace: TraceContext, in outer: ServiceContext, named name: String) {
        self.trace = trace
        self.outer = outer
        state = Mutex(State(name: name))
    }

    init(_ trace: TraceContext, in outer: ServiceContext, _ recording: FinishedSpan) {
        self.trace = trace
        self.outer = outer
        state = Mutex(State(recording: recording, name: ""))
    }

    deinit {
        if let forgotten = state.withLock({ $0.recording.take() }) { FinishedSpan.forget(.passRetained(forgotten)) }
    }

    /// The context for work inside the span: the one with which it began, and this span as the current.
    ///
    /// It is put together each time, for a span that kept it would be kept by it: keep what you read.
    public var context: ServiceContext {
        var context = outer
        context.entry = ContextEntry(trace: trace, span: self)
        return context
    }

    /// False when the span is not sampled, and after its end.
    public var isRecording: Bool { trace.sampling.isSampled && state.withLock { $0.open != nil } }

    /// What the span does; may be changed until its end.
    public var operationName: String {
        get { state.withLock { $0.recording?.contents.pointee.record.name ?? $0.name } }
        set { change { $0.contents.pointee.record.name = newValue } }
    }

    /// The attributes until the end; empty when not sampled. Of two threads that change different ones at the same time,
    /// both succeed; meanwhile a third one may see neither.
    public var attributes: SpanAttributes {
        get { state.withLock { $0.recording?.contents.pointee.shared.attributes } ?? [:] }
        _modify {
            // Lent, not copied: a copy would cost an allocation for each attribute that is set.
            var loan = state.withLock { $0.open?.contents.pointee.shared.lend() } ?? Loan()
            defer { takeBack(loan) }
            yield &loan.attributes
        }
    }

    /// Says how the work ended; the last call counts.
    public func setStatus(_ status: SpanStatus) {
        change { $0.contents.pointee.record.status = SpanRecord.Status(status) }
    }

    /// Adds something that happened at a moment.
    public func addEvent(_ event: SpanEvent) {
        change { $0.add(SpanRecord.Event(event)) }
    }

    /// Adds a reference to another span; one whose context is of no trace is left out.
    public func addLink(_ link: SpanLink) {
        change { recording in
            if let link = SpanRecord.Link(link) { recording.add(link) }
        }
    }

    /// Adds an event `exception` with the error's type and text. The status stays; if it is set to an error without a
    /// message, the text becomes its message.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        guard isRecording else { return }
        let event = SpanRecord.Event(of: error, with: attributes, at: instant().nanosecondsSinceEpoch)
        let text = "\(error)"
        change {
            $0.contents.pointee.shared.lastError = text
            $0.add(event)
        }
    }

    /// Ends the span and reports it. A second call does nothing.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard trace.sampling.isSampled else { return }
        end(SpanEnd(instant().nanosecondsSinceEpoch))
    }
}

extension WingbeatSpan {
    private func change(_ body: (FinishedSpan) -> Void) {
        guard trace.sampling.isSampled else { return }
        state.withLock { state in
            if let open = state.open { body(open) }
        }
    }

    private func takeBack(_ loan: Loan) {
        guard loan.kind != .nothing else { return }
        let ended = state.withLock { state -> (FinishedSpan, SpanEnd)? in
            guard let recording = state.recording else { return nil }
            let limit = recording.contents.pointee.hot?.pointee.limits.attributes ?? .max
            let end = recording.contents.pointee.shared.takeBack(loan, limit: limit) { leftOut in
                recording.leaveOut(\.attributes, leftOut)
            }
            guard let end, let recording = state.close() else { return nil }
            return (recording, end)
        }
        if let (recording, end) = ended { report(recording, end) }
    }

    private func end(_ end: SpanEnd) {
        let recording = state.withLock { state -> FinishedSpan? in
            guard state.recording?.contents.pointee.shared.mayEnd(at: end) == true else { return nil }
            return state.close()
        }
        if let recording { report(recording, end) }
    }

    private func report(_ recording: consuming FinishedSpan, _ end: SpanEnd) {
        let contents = recording.contents
        if case .error("") = contents.pointee.record.status, let text = contents.pointee.shared.lastError {
            contents.pointee.record.status = .error(text)
        }
        let attributes = contents.pointee.shared.attributes
        contents.pointee.shared = SharedState()
        if !attributes.isEmpty { recording.setAll(attributes) }
        FinishedSpan.handOver(.passRetained(recording), duration: end.duration(of: contents))
    }
}
