// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import WingbeatCollector

/// Runs a few queries at once, off the callers' threads; further ones wait for their turn.
///
/// Each runs on a serial queue, which has a thread of its own. A concurrent queue would take the threads of Swift's
/// tasks, which are no more than there are cores: while queries ran, no request would be read and no query given up.
final class QueryPool: Sendable {
    private struct State {
        var free: [DispatchQueue]
        var waiting: [@Sendable () -> Void] = []
    }

    private let state: Mutex<State>
    private let timeout: Duration

    init(threads: Int, timeout: Duration) {
        state = Mutex(State(free: (0..<max(threads, 1)).map { DispatchQueue(label: "wingbeat.query-\($0)") }))
        self.timeout = timeout
    }

    /// Runs a query; the time for which it waits for its turn counts.
    ///
    /// - Parameter limit: how long it may take, where that is less than the pool lets it; zero for the pool's time.
    func run<Result: Sendable>(
        timeout limit: Duration = .zero,
        _ query: @escaping @Sendable (QueryBudget) throws -> Result
    ) async throws -> Result {
        let shorter = limit > .zero && (timeout == .zero || limit < timeout)
        let budget = QueryBudget(timeout: shorter ? limit : timeout)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { done in
                start {
                    done.resume(
                        with: Swift.Result {
                            try budget.check()
                            return try query(budget)
                        }
                    )
                }
            }
        } onCancel: {
            budget.cancel()
        }
    }

    private func start(_ work: @escaping @Sendable () -> Void) {
        let queue = state.withLock { state in
            if state.free.isEmpty { state.waiting.append(work) }
            return state.free.popLast()
        }
        guard let queue else { return }
        queue.async { self.runAll(work, on: queue) }
    }

    private func runAll(_ first: @Sendable () -> Void, on queue: DispatchQueue) {
        first()
        while let next = takeNext(or: queue) { next() }
    }

    /// The query that waits for longest; where none does, the queue is free.
    private func takeNext(or queue: DispatchQueue) -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free.append(queue)
            return nil
        }
    }
}
