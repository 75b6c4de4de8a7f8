// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Foundation

/// An operation of ours and the limit, or the peer, beside which it is measured.
struct Benchmark {
    /// What one operation is.
    let name: String
    /// What ``Measurement/referenceNanoseconds`` is the figure of.
    let reference: String
    /// Prepares and measures both.
    let measure: () throws -> Measurement
}

/// The figures of one operation, both taken in one run.
struct Measurement {
    /// What ours takes.
    let nanoseconds: Double
    /// How often ours asks for memory; nil where that is not counted.
    let allocations: Double?
    /// What the limit takes.
    let referenceNanoseconds: Double
}

/// Runs an operation as many times as it is told.
typealias Batch = (_ count: Int) -> Void

extension Measurement {
    /// Measures two operations that may be repeated without end.
    init(of ours: Batch, beside reference: Batch) {
        nanoseconds = fastestRepetition(of: ours)
        allocations = steadyAllocations(of: ours)
        referenceNanoseconds = fastestRepetition(of: reference)
    }
}

/// How long one repetition should take, in nanoseconds: far above the clock's own cost, far below a time slice.
private let repetitionLength = 1_500_000.0

/// Nanoseconds of thread CPU time for one operation: the minimum over up to 80 repetitions or 0.7 s.
///
/// The minimum, because everything that disturbs a measurement makes it longer.
private func fastestRepetition(of batch: Batch) -> Double {
    let count = calibratedCount(of: batch)
    let deadline = ContinuousClock.now + .milliseconds(700)
    var fastest = Double.infinity
    for _ in 0..<80 {
        fastest = min(fastest, nanoseconds(of: batch, count) / Double(count))
        if ContinuousClock.now > deadline { break }
    }
    return fastest
}

/// How many operations fill one repetition. Finding out warms everything up, too.
private func calibratedCount(of batch: Batch) -> Int {
    var count = 1
    while true {
        let taken = nanoseconds(of: batch, count)
        if taken > repetitionLength / 4 { return max(1, Int(Double(count) * repetitionLength / taken)) }
        count *= 2
    }
}

private func nanoseconds(of batch: Batch, _ count: Int) -> Double {
    let start = thread_cpu_nanoseconds()
    batch(count)
    return Double(thread_cpu_nanoseconds() - start)
}

/// Allocations of one operation after it has run often; nil where they are not counted.
private func steadyAllocations(of batch: Batch) -> Double? {
    guard allocations_are_counted() else { return nil }
    let count = 1000
    let start = allocation_count()
    batch(count)
    return Double(allocation_count() - start) / Double(count)
}

/// The smallest of a few figures whose preparation is too dear for ``Measurement/init(of:beside:)``.
func fastest(of repetitions: Int, _ nanoseconds: () throws -> Double) rethrows -> Double {
    var fastest = Double.infinity
    for _ in 0..<repetitions { fastest = min(fastest, try nanoseconds()) }
    return fastest
}

/// Writes a line to standard error.
func tell(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
