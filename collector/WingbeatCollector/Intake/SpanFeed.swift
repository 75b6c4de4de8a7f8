// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import WingbeatModel

/// Shows the spans of each post to those who watch.
///
/// A watcher that is slower than the spans come misses some, and is told how many; nobody waits for it.
public final class SpanFeed: Sendable {
    /// What a watcher is told.
    public enum Event: Sendable {
        /// Spans that were stored.
        case spans([SpanRecord])
        /// So many spans were not shown, for the watcher was too slow.
        case skipped(Int)
    }

    private struct State {
        var watchers: [ObjectIdentifier: Watcher] = [:]
        var isClosed = false
    }

    private let maximumWatchers: Int
    private let maximumWaitingSpans: Int
    private let state = Mutex(State())
    private let hasWatchers = Atomic(false)

    /// - Parameters:
    ///   - maximumWatchers: how many may watch at once.
    ///   - maximumWaitingSpans: how many spans wait for a slow one.
    public init(maximumWatchers: Int = 32, maximumWaitingSpans: Int = 2_000) {
        self.maximumWatchers = maximumWatchers
        self.maximumWaitingSpans = maximumWaitingSpans
    }

    /// Begins to watch; nil when too many watch already, or when the feed has ended.
    ///
    /// The sequence ends when the feed does, or when its iterator is let go of.
    public func watch() -> Watch? {
        let watcher = Watcher(maximumWaitingSpans)
        let isIn = state.withLock { state in
            guard !state.isClosed, state.watchers.count < maximumWatchers else { return false }
            state.watchers[ObjectIdentifier(watcher)] = watcher
            hasWatchers.store(true, ordering: .relaxed)
            return true
        }
        return isIn ? Watch(watcher: watcher, feed: self) : nil
    }

    /// Shows spans to all who watch.
    func publish(_ spans: [SpanRecord]) {
        guard hasWatchers.load(ordering: .relaxed), !spans.isEmpty else { return }
        for watcher in state.withLock({ Array($0.watchers.values) }) { watcher.offer(spans) }
    }

    /// Ends the feed for all who watch.
    func close() {
        let watchers = state.withLock { state in
            defer { state.watchers = [:] }
            state.isClosed = true
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.finish() }
    }

    fileprivate func leave(_ watcher: Watcher) {
        state.withLock { state in
            state.watchers[ObjectIdentifier(watcher)] = nil
            hasWatchers.store(!state.watchers.isEmpty, ordering: .relaxed)
        }
    }

    /// One who watches.
    public final class Watch: Sendable {
        private let watcher: Watcher
        private let feed: SpanFeed

        fileprivate init(watcher: Watcher, feed: SpanFeed) {
            self.watcher = watcher
            self.feed = feed
        }

        deinit { feed.leave(watcher) }

        /// What happened next; nil at the end of the feed, or when the task is cancelled. One task at a time may ask.
        public func next() async -> Event? { await watcher.next() }
    }
}

/// What waits for one who watches.
private final class Watcher: Sendable {
    private struct State {
        var waiting: [[SpanRecord]] = []
        var waitingSpans = 0
        var skipped = 0
        var isFinished = false
        var reader: CheckedContinuation<SpanFeed.Event?, Never>?
    }

    private let limit: Int
    private let state = Mutex(State())

    init(_ limit: Int) {
        self.limit = limit
    }

    func offer(_ spans: [SpanRecord]) {
        let reader = state.withLock { state -> CheckedContinuation<SpanFeed.Event?, Never>? in
            if let reader = state.reader {
                state.reader = nil
                return reader
            }
            let room = max(limit - state.waitingSpans, 0)
            // What was skipped lies before what comes after it, so nothing is taken until the reader was told.
            let taken = state.skipped > 0 ? [] : spans.prefix(room)
            if !taken.isEmpty { state.waiting.append(Array(taken)) }
            state.waitingSpans += taken.count
            state.skipped += spans.count - taken.count
            return nil
        }
        reader?.resume(returning: .spans(spans))
    }

    func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    func next() async -> SpanFeed.Event? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let event: SpanFeed.Event?? = state.withLock { state in
                    if let event = Self.take(&state) { return .some(event) }
                    if state.isFinished || Task.isCancelled { return .some(nil) }
                    state.reader = continuation
                    return nil
                }
                if let event { continuation.resume(returning: event) }
            }
        } onCancel: {
            finish()
        }
    }

    private static func take(_ state: inout State) -> SpanFeed.Event? {
        if !state.waiting.isEmpty {
            let spans = state.waiting.removeFirst()
            state.waitingSpans -= spans.count
            return .spans(spans)
        }
        guard state.skipped > 0 else { return nil }
        defer { state.skipped = 0 }
        return .skipped(state.skipped)
    }
}
