// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatCollector

/// How long a query may go on.
final class QueryBudget: Sendable {
    private let deadline: ContinuousClock.Instant?
    private let cancelled = Atomic<Bool>(false)

    /// - Parameter timeout: zero for as long as it wants.
    init(timeout: Duration) {
        deadline = timeout > .zero ? .now + timeout : nil
    }

    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }

    var isOver: Bool { cancelled.load(ordering: .relaxed) || deadline.map { ContinuousClock.now > $0 } == true }

    /// Throws when the time is over or the task that asked is cancelled.
    func check() throws {
        if cancelled.load(ordering: .relaxed) { throw CancellationError() }
        if isOver { throw SpanStoreError.timeout }
    }
}
