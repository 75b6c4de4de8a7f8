// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells

/// What a tracer did so far. At all times `started = finished + forgotten + active`.
public struct SpanTotals: Hashable, Sendable {
    /// Spans that began, recorded or not.
    public var started: UInt64 = 0
    /// Spans that ended. One that is not recorded counts as ended when it begins.
    public var finished: UInt64 = 0
    /// Spans that were never ended, and that nobody can end any more. They are not reported.
    public var forgotten: UInt64 = 0
    /// Spans that the sampler, or the caller's decision, did not record. They are among those that ended; all others that
    /// ended were given to the reporter.
    public var sampledOut: UInt64 = 0
    /// Attributes, events and links that were left out, because a span had no room for them.
    public var leftOut: UInt64 = 0

    /// Recorded spans that have not ended yet.
    public var active: UInt64 { started - min(started, finished + forgotten) }
}

/// Counts in cells of the thread, which costs no locked instruction.
final class SpanCounts: Sendable {
    /// The way to the cells that counts no references; it is safe to use after the counts are gone.
    struct Cells: Sendable {
        fileprivate enum Cell {
            static let sampledOut = 0
            static let begun = 1
            static let ended = 2
            static let forgotten = 3
            static let leftOut = 4
            static let count = 5
        }

        fileprivate let run: wingbeat_run

        @inline(__always)
        func sampledOut() { add(1, to: Cell.sampledOut) }

        @inline(__always)
        func begun() { add(1, to: Cell.begun) }

        @inline(__always)
        func ended() { add(1, to: Cell.ended) }

        func forgotten() { add(1, to: Cell.forgotten) }

        func leftOut(_ count: Int) { add(count, to: Cell.leftOut) }

        @inline(__always)
        private func add(_ amount: Int, to cell: Int) {
            if let cells = wingbeat_run_mine(run) { wingbeat_add(cells + 1 + cell, UInt64(amount)) }
        }
    }

    private typealias Cell = Cells.Cell

    /// Its tag, ours, and a double that is not used.
    let cells = Cells(run: wingbeat_run_allocate(UInt32(1 + Cell.count + 1)))

    deinit {
        wingbeat_run_free(cells.run)
    }

    var totals: SpanTotals {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Cell.count) { sums in
            guard let start = sums.baseAddress else { return SpanTotals() }
            var unused = 0.0
            wingbeat_run_sum(cells.run, UInt32(Cell.count), start, &unused)
            let notRecorded = sums[Cell.sampledOut]
            return SpanTotals(
                started: notRecorded + max(sums[Cell.begun], sums[Cell.ended] + sums[Cell.forgotten]),
                finished: notRecorded + sums[Cell.ended],
                forgotten: sums[Cell.forgotten],
                sampledOut: notRecorded,
                leftOut: sums[Cell.leftOut]
            )
        }
    }
}
