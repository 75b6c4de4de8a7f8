// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import WingbeatModel

/// Shows stored spans to those who watch.
///
/// A watcher that fetches them more slowly than they come misses some, and is told how many; nobody waits for it.
public final class SpanFeed: Sendable {
    private struct State {
        var watchers: [ObjectIdentifier: Waiting] = [:]
        var isClosed = false
    }

    private let maximumWatchers: Int
    private let maximumWaitingSpans: Int
    private let state = Mutex(State())
    private let hasWatchers = Atomic(false)

    /// - Parameters:
    ///   - maximumWatchers: how many may watch at once.
    ///   - maximumWaitingSpans: how many spans wait for each of them.
    public init(maximumWatchers: Int = 32, maximumWaitingSpans: Int = 2000) {
        self.maximumWatchers = maximumWatchers
        self.maximumWaitingSpans = maximumWaitingSpans
    }

    /// Begins to watch, until the watch is let go of; nil when too many watch already, or when the feed has ended.
    public func watch() -> Watch? {
        let waiting = Waiting(maximumWaitingSpans)
        return state.withLock { state in
            guard !state.isClosed, state.watchers.count < maximumWatchers else { return nil }
            state.watchers[ObjectIdentifier(waiting)] = waiting
            hasWatchers.store(true, ordering: .relaxed)
            return Watch(waiting: waiting, feed: self)
        }
    }

    /// Shows spans to all who watch.
    func publish(_ spans: [SpanRecord]) {
        guard hasWatchers.load(ordering: .relaxed), !spans.isEmpty else { return }
        for waiting in state.withLock({ Array($0.watchers.values) }) { waiting.append(spans) }
    }

    /// Ends the feed for all who watch.
    func close() {
        state.withLock { state in
            state.isClosed = true
            for waiting in state.watchers.values { waiting.finish() }
        }
    }

    fileprivate func leave(_ waiting: Waiting) {
        state.withLock { state in
            state.watchers[ObjectIdentifier(waiting)] = nil
            hasWatchers.store(!state.watchers.isEmpty, ordering: .relaxed)
        }
    }

    /// One who watches.
    public final class Watch: Sendable {
        private let waiting: Waiting
        private let feed: SpanFeed

        fileprivate init(waiting: Waiting, feed: SpanFeed) {
            self.waiting = waiting
            self.feed = feed
        }

        deinit { feed.leave(waiting) }

        /// The spans since the last time, and how many more came than could wait; nil at the end of the feed.
        public func take() -> (spans: [SpanRecord], skipped: Int)? { waiting.take() }
    }

    /// What waits for one who watches.
    fileprivate final class Waiting: Sendable {
        private struct State {
            var spans: [SpanRecord] = []
            var skipped = 0
            var isFinished = false
        }

        private let limit: Int
        private let state = Mutex(State())

        init(_ limit: Int) {
            self.limit = limit
        }

        func append(_ spans: [SpanRecord]) {
            state.withLock { state in
                let taken = spans.prefix(max(limit - state.spans.count, 0))
                state.spans += taken
                state.skipped += spans.count - taken.count
            }
        }

        func finish() { state.withLock { $0.isFinished = true } }

        func take() -> (spans: [SpanRecord], skipped: Int)? {
            state.withLock { state in
                if state.isFinished && state.spans.isEmpty && state.skipped == 0 { return nil }
                defer {
                    state.spans = []
                    state.skipped = 0
                }
                return (state.spans, state.skipped)
            }
        }
    }
}
