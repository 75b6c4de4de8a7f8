// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatSpans
public import Tracing
public import WingbeatModel

/// A span with one owner: the way to record that costs least.
///
/// ```swift
/// let span = tracer.begin("charge card", kind: .client)
/// span.set("order.id", order.id)
/// span.end()
/// ```
///
/// It cannot be copied, so nothing has to be locked, and in steady state it allocates nothing. It is not the current span
/// of its task: give ``context`` to work below it, run that work inside ``serviceContext``, or use `withSpan` instead.
///
/// It may be given to another task, but two cannot use it at once: it is not `Sendable`.
///
/// A span that is not sampled evaluates no value and records nothing, but has its ids. One that is not ended is not
/// reported, but counted as forgotten (``SpanTotals/forgotten``).
public struct OwnedSpan: ~Copyable {
    private let ids: SpanIDs
    /// Owned; nil when there is none.
    private let traceState: Unmanaged<TraceState>?
    /// Owned; nil when the span is not sampled, and once it has ended.
    @usableFromInline var recording: Unmanaged<FinishedSpan>?

    /// What most spans have none of, so that nothing has to be done for it.
    private final class TraceState: Sendable {
        let text: String

        init(_ text: String) {
            self.text = text
        }
    }

    @inline(__always)
    init(_ ids: SpanIDs, _ traceState: String, _ recording: Unmanaged<FinishedSpan>?) {
        self.ids = ids
        self.traceState = traceState.isEmpty ? nil : .passRetained(TraceState(traceState))
        self.recording = recording
    }

    deinit {
        traceState?.release()
        if let recording { FinishedSpan.forget(recording) }
    }

    /// Where in which trace the span is: for spans below it, and for headers.
    public var context: TraceContext {
        ids.context(traceState?._withUnsafeGuaranteedRef { $0.text } ?? "")
    }

    /// False when the span is not sampled.
    @inlinable public var isRecording: Bool { recording != nil }

    /// Sets an attribute; of two values with one key the later counts. One for which there is no room is left out and
    /// counted (``SpanLimits``). The value is evaluated only when the span is recorded, as in all other functions.
    @inlinable
    public borrowing func set(_ key: String, _ value: @autoclosure () -> String) {
        recording?._withUnsafeGuaranteedRef { $0.set(key, .string(value())) }
    }

    /// Sets an attribute that is a whole number.
    @inlinable
    public borrowing func set(_ key: String, _ value: @autoclosure () -> Int) {
        recording?._withUnsafeGuaranteedRef { $0.set(key, .int(Int64(value()))) }
    }

    /// Sets an attribute that is a floating-point number.
    @inlinable
    public borrowing func set(_ key: String, _ value: @autoclosure () -> Double) {
        recording?._withUnsafeGuaranteedRef { $0.set(key, .double(value())) }
    }

    /// Sets an attribute that is true or false.
    @inlinable
    public borrowing func set(_ key: String, _ value: @autoclosure () -> Bool) {
        recording?._withUnsafeGuaranteedRef { $0.set(key, .bool(value())) }
    }

    /// Sets an attribute of any type.
    @inlinable
    public borrowing func set(_ key: String, _ value: @autoclosure () -> AttributeValue) {
        recording?._withUnsafeGuaranteedRef { $0.set(key, value()) }
    }

    /// Gives the span another name, such as one that holds the route that was found.
    public borrowing func rename(_ name: @autoclosure () -> String) {
        recording?._withUnsafeGuaranteedRef { $0.contents.pointee.record.name = name() }
    }

    /// Says how the work ended; the last call counts.
    public borrowing func setStatus(_ status: @autoclosure () -> SpanRecord.Status) {
        recording?._withUnsafeGuaranteedRef { $0.contents.pointee.record.status = status() }
    }

    /// Adds something that happens now.
    public borrowing func addEvent(_ name: @autoclosure () -> String, _ attributes: @autoclosure () -> [Attribute] = [])
    {
        recording?._withUnsafeGuaranteedRef { span in
            span.add(SpanRecord.Event(nanoseconds: wingbeat_now().wall, name: name(), attributes: attributes()))
        }
    }

    /// Adds a reference to another span.
    public borrowing func addLink(to other: TraceContext, _ attributes: @autoclosure () -> [Attribute] = []) {
        recording?._withUnsafeGuaranteedRef { span in
            var link = SpanRecord.Link(traceID: other.traceID, spanID: other.spanID, attributes: attributes())
            link.traceState = other.traceState
            link.flags = other.sampling.isSampled ? 1 : 0
            span.add(link)
        }
    }

    /// Adds an event `exception` with the error's type and text, and makes the status an error with that text.
    public borrowing func recordError(_ error: any Error) {
        recording?._withUnsafeGuaranteedRef { span in
            span.add(SpanRecord.Event(of: error, at: wingbeat_now().wall))
            span.contents.pointee.record.status = .error("\(error)")
        }
    }

    /// The current service context with the span as its trace's current one, for code that uses `withSpan` or injects
    /// headers: `ServiceContext.withValue(span.serviceContext) { … }`.
    public var serviceContext: ServiceContext {
        var serviceContext = ServiceContext.current ?? .topLevel
        serviceContext.traceContext = context
        return serviceContext
    }

    /// Ends the span and gives it to the reporter.
    public consuming func end() {
        guard let recording else { return }
        self.recording = nil  // so that it is not forgotten
        let start = recording._withUnsafeGuaranteedRef { $0.contents.pointee.start }
        FinishedSpan.handOver(recording, duration: wingbeat_monotonic() &- start)
    }
}
