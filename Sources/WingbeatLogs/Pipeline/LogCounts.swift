// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells
public import Logging

/// What a pipeline did so far.
public struct LogTotals: Hashable, Sendable {
    /// Lines that were logged and not sampled away, by level.
    public var lines: [Logger.Level: UInt64] = [:]
    /// Bytes that sinks took.
    public var bytes: UInt64 = 0
    /// Lines that ``LogSampling`` kept back.
    public var sampled: UInt64 = 0
    /// Lines for which a sink had no room, counted for each output.
    public var full: UInt64 = 0
    /// Lines that a sink could not write, counted for each output.
    public var failed: UInt64 = 0
}

/// Counts in cells of the thread, which costs no locked instruction.
final class LogCounts: Sendable {
    private enum Cell {
        static let bytes = 7
        static let sampled = 8
        static let full = 9
        static let failed = 10
        static let count = 11
    }

    private let run = wingbeat_run_allocate(UInt32(1 + Cell.count + 1))  // its tag, ours, and a double that is not used

    deinit {
        wingbeat_run_free(run)
    }

    @inline(__always)
    func countLine(_ level: Logger.Level) { add(1, to: Int(level.rank)) }

    @inline(__always)
    func countBytes(_ count: Int) { add(count, to: Cell.bytes) }

    func countSampled() { add(1, to: Cell.sampled) }

    func count(_ lines: Int, _ error: LogSinkError) {
        switch error {
        case .full: add(lines, to: Cell.full)
        case .failed: add(lines, to: Cell.failed)
        }
    }

    @inline(__always)
    private func add(_ amount: Int, to cell: Int) {
        if let cells = wingbeat_run_mine(run) { wingbeat_add(cells + 1 + cell, UInt64(amount)) }
    }

    var totals: LogTotals {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Cell.count) { sums in
            guard let start = sums.baseAddress else { return LogTotals() }
            var unused = 0.0
            wingbeat_run_sum(run, UInt32(Cell.count), start, &unused)
            return LogTotals(
                lines: Dictionary(uniqueKeysWithValues: Logger.Level.allCases.map { ($0, sums[Int($0.rank)]) }),
                bytes: sums[Cell.bytes],
                sampled: sums[Cell.sampled],
                full: sums[Cell.full],
                failed: sums[Cell.failed]
            )
        }
    }
}
