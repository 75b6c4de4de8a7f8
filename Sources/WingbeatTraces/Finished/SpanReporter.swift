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

/// Keeps finished spans in memory, without limit: for tests.
public final class InMemorySpanReporter: SpanReporter {
    private let storage = Mutex<[SpanRecord]>([])

    /// An empty reporter.
    public init() {}

    /// The spans so far, in the order in which they ended.
    public var spans: [SpanRecord] { storage.withLock { $0 } }

    /// Keeps the span.
    public func report(_ span: FinishedSpan) { storage.withLock { $0.append(span.record) } }
}
