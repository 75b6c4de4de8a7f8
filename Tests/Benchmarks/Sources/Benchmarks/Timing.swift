// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits

/// Runs an operation as many times as it is told.
typealias Batch = (_ count: Int) -> Void

/// How long one repetition should take, in nanoseconds: far above the clock's own cost, far below a time slice.
private let repetitionLength = 1_500_000.0

extension Figures {
    /// An operation that may be repeated without end: thread CPU time, and allocations once it has run often.
    static func steady(_ batch: Batch) -> Figures { steady(thread_cpu_nanoseconds, batch) }

    /// The same with the CPU time of all threads.
    static func steadyOfProcess(_ batch: Batch) -> Figures { steady(process_cpu_nanoseconds, batch) }

    private static func steady(_ clock: () -> UInt64, _ batch: Batch) -> Figures {
        let time = { (count: Int) in
            let start = clock()
            batch(count)
            return Double(clock() - start)
        }
        let count = calibratedCount(time)
        return Figures(
            nanoseconds: fastestRepetition(of: count, time),
            allocations: meanAllocations(of: min(count, 1000)) { batch(min(count, 1000)) }
        )
    }

    /// The smallest of a few runs that need a preparation of their own.
    static func fastest(of repetitions: Int, _ run: () throws -> Figures) rethrows -> Figures {
        var fastest = try run()
        for _ in 1..<max(repetitions, 1) {
            let next = try run()
            if next.nanoseconds < fastest.nanoseconds { fastest = next }
        }
        return fastest
    }

    /// One run of `count` operations, which cannot be repeated: thread CPU time and allocations of each.
    static func once(_ count: Int, _ body: () -> Void) -> Figures {
        var nanoseconds = 0.0
        let allocations = meanAllocations(of: count) {
            let start = thread_cpu_nanoseconds()
            body()
            nanoseconds = Double(thread_cpu_nanoseconds() - start) / Double(count)
        }
        return Figures(nanoseconds: nanoseconds, allocations: allocations)
    }
}

/// How many operations fill one repetition. Finding out warms everything up, too.
func calibratedCount(_ nanoseconds: (_ count: Int) -> Double) -> Int {
    var count = 1
    while true {
        let taken = undisturbed(count, nanoseconds)
        if taken > repetitionLength / 4 { return max(1, Int(Double(count) * repetitionLength / taken)) }
        count *= 2
    }
}

/// The best of ten where the first try was long: a pause that looks like a long operation would make all repetitions
/// far too short. An operation that is so long that no pause explains it is tried once.
private func undisturbed(_ count: Int, _ nanoseconds: (_ count: Int) -> Double) -> Double {
    var best = nanoseconds(count)
    for _ in 0..<9 where best > repetitionLength / 4 && best < 100 * repetitionLength {
        best = min(best, nanoseconds(count))
    }
    return best
}

/// Nanoseconds of one operation: the minimum over up to 80 repetitions or 0.7 s.
///
/// The minimum, because everything that disturbs a measurement makes it longer.
func fastestRepetition(of count: Int, _ nanoseconds: (_ count: Int) -> Double) -> Double {
    let deadline = ContinuousClock.now + .milliseconds(700)
    var fastest = Double.infinity
    for _ in 0..<80 {
        fastest = min(fastest, nanoseconds(count) / Double(count))
        if ContinuousClock.now > deadline { break }
    }
    return fastest
}

/// Allocations of the calling thread for each of `count` operations; nil where they are not counted.
func meanAllocations(of count: Int, _ body: () -> Void) -> Double? {
    let start = allocation_count()
    body()
    return allocations_are_counted() ? Double(allocation_count() - start) / Double(count) : nil
}
