// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import ServiceLifecycle
public import WingbeatTraces

/// Gives each span to several reporters, and runs those that have something to run.
public final class MultiSpanReporter: SpanReporter, QueueingSpanReporter, Service {
    private let reporters: [any SpanReporter]
    private var queueing: [any QueueingSpanReporter] { reporters.compactMap { $0 as? any QueueingSpanReporter } }

    /// A reporter of others, which get each span in their order.
    public init(_ reporters: [any SpanReporter]) {
        self.reporters = reporters
    }

    /// Gives the span to each.
    public func report(_ span: FinishedSpan) {
        for reporter in reporters { reporter.report(span) }
    }

    /// Runs them until shutdown or cancellation. Never throws.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for reporter in reporters {
                guard let service = reporter as? any Service else { continue }
                group.addTask { try? await service.run() }
            }
            group.addTask { try? await gracefulShutdown() }  // nothing may be there to run
        }
    }

    /// Whether one of them has a queue.
    package var hasQueue: Bool { queueing.contains(where: \.hasQueue) }

    /// Takes back what waits in the reporter where most does: all were given the same.
    package func withdraw() -> [FinishedSpan] {
        queueing.map { $0.withdraw() }.max { $0.count < $1.count } ?? []
    }

    /// Gives them to those that send later; the others would have them twice.
    package func adopt(_ spans: [FinishedSpan]) {
        for reporter in queueing { reporter.adopt(spans) }
    }
}
