// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CMalloc
import Synchronization

/// What malloc holds, in bytes.
struct AllocatorFigures: Equatable {
    /// Taken from the system.
    let reserved: Double
    /// Of these, handed out.
    let allocated: Double

    /// Asks glibc; nil where the C library is another one, or where another allocator does its work.
    static func read() -> AllocatorFigures? {
        var heap = wingbeat_heap()
        guard wingbeat_read_heap(&heap), heap.reserved > 0 else { return nil }
        return AllocatorFigures(reserved: Double(heap.reserved), allocated: Double(heap.allocated))
    }
}

/// Asks malloc seldom enough: it walks all free blocks, 40 ns each, while allocations wait.
///
/// A reading that took some time is told again until ten thousand times that has passed: at 1 ms (25,000 free blocks)
/// for ten seconds.
final class AllocatorReader: Sendable {
    /// The figures and what it took to get them.
    struct Reading {
        let figures: AllocatorFigures
        let seconds: Double
    }

    private struct State {
        var reading: Reading?
        var nextAt: ContinuousClock.Instant?
    }

    private let now: @Sendable () -> ContinuousClock.Instant
    private let ask: @Sendable () -> AllocatorFigures?
    private let state = Mutex(State())

    init(
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        ask: @escaping @Sendable () -> AllocatorFigures? = AllocatorFigures.read
    ) {
        self.now = now
        self.ask = ask
    }

    func read() -> Reading? {
        state.withLock { state in
            let start = now()
            if let nextAt = state.nextAt, start < nextAt { return state.reading }
            let figures = ask()
            let end = now()
            state.reading = figures.map { Reading(figures: $0, seconds: (end - start) / .seconds(1)) }
            state.nextAt = end + (end - start) * 10_000
            return state.reading
        }
    }
}
