// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Dispatch
import Foundation
import Synchronization

extension Figures {
    /// An operation that two threads do at the same time, each on a core of its own: wall time of one operation of
    /// one thread.
    ///
    /// It ends with the later finish, so that a repetition in which one thread waited for its core, and the other had
    /// the memory for itself, is never the fastest.
    static func twoThreads(_ batch: @escaping @Sendable (_ count: Int) -> Void) -> Figures {
        let time = { (count: Int) in wallNanoseconds(of: count, batch) }
        return Figures(
            nanoseconds: fastestRepetition(of: calibratedCount(time), time),
            allocations: meanAllocations(of: 1000) { batch(1000) }
        )
    }
}

private func wallNanoseconds(of count: Int, _ batch: @escaping @Sendable (Int) -> Void) -> Double {
    let race = Race(runners: 2)
    for runner in 0..<race.runners {
        Thread.detachNewThread {
            pin_to_core(Int32(runner))
            batch(1)  // what a thread does only once is done before the start
            race.run { batch(count) }
        }
    }
    return race.nanoseconds()
}

/// Threads that start together.
private final class Race: Sendable {
    let runners: Int
    private let missing: Atomic<Int>
    /// When the last of them came to the start; 0 before.
    private let start = Atomic<UInt64>(0)
    private let end = Mutex<UInt64>(0)
    private let finish = DispatchSemaphore(value: 0)

    init(runners: Int) {
        self.runners = runners
        missing = Atomic(runners)
    }

    /// Waits for the others without giving up the core, then runs.
    func run(_ body: () -> Void) {
        if missing.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
            start.store(wall_nanoseconds(), ordering: .releasing)
        }
        while start.load(ordering: .acquiring) == 0 {}
        body()
        end.withLock { $0 = max($0, wall_nanoseconds()) }
        finish.signal()
    }

    /// Waits for all of them. The time is that from the common start to the last finish.
    func nanoseconds() -> Double {
        for _ in 0..<runners { finish.wait() }
        return Double(end.withLock { $0 } - start.load(ordering: .acquiring))
    }
}
