// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import WingbeatModel

/// Takes finished spans to where they are kept.
public protocol SpanReporter: Sendable {
    /// Takes one finished span. Called on the thread that ended it, so it must not block; what it cannot take it
    /// drops and counts.
    func report(_ span: FinishedSpan)
}

/// Forgets every span: for a service whose spans nobody collects.
public struct DiscardingSpanReporter: SpanReporter {
    /// The reporter has no settings.
    public init() {}

    /// Does nothing.
    public func report(_ span: FinishedSpan) {}
}

/// Keeps finished spans in memory: for tests, and for a page that shows the last ones.
public final class InMemorySpanReporter: SpanReporter {
    private struct State {
        var spans: [SpanRecord] = []
        var forgotten = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// An empty reporter.
    ///
    /// - Parameter capacity: how many spans are kept; the oldest are forgotten then. By default there is no limit.
    public init(capacity: Int = .max) {
        self.capacity = max(capacity, 1)
    }

    /// The spans that are kept, in the order in which they ended.
    public var spans: [SpanRecord] { state.withLock { Array($0.spans.suffix(capacity)) } }

    /// How many spans were forgotten for want of room.
    public var forgotten: Int { state.withLock { $0.forgotten + max($0.spans.count - capacity, 0) } }

    /// Keeps the span.
    public func report(_ span: FinishedSpan) {
        state.withLock { state in
            state.spans.append(span.record)
            guard state.spans.count - capacity > capacity / 2 else { return }
            state.forgotten += state.spans.count - capacity
            state.spans.removeFirst(state.spans.count - capacity)
        }
    }
}
