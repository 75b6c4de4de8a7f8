// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import WingbeatCollector

/// Runs a few queries at once, off the callers' threads; further ones wait for their turn.
final class QueryPool: Sendable {
    private struct State {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
    }

    private let queue = DispatchQueue(label: "wingbeat.queries", attributes: .concurrent)
    private let state = Mutex(State())
    private let threads: Int
    private let timeout: Duration

    init(threads: Int, timeout: Duration) {
        self.threads = max(threads, 1)
        self.timeout = timeout
    }

    /// Runs a query; the time for which it waits for its turn counts.
    func run<Result: Sendable>(_ query: @escaping @Sendable (QueryBudget) throws -> Result) async throws -> Result {
        let budget = QueryBudget(timeout: timeout)
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
        let mayRun = state.withLock { state in
            guard state.running < threads else {
                state.waiting.append(work)
                return false
            }
            state.running += 1
            return true
        }
        if mayRun { queue.async { self.runAll(work) } }
    }

    private func runAll(_ first: @Sendable () -> Void) {
        first()
        while let next = takeNext() { next() }
    }

    private func takeNext() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}
