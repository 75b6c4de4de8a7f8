// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells

/// One series of a counter: a sum that only grows.
///
/// Counting writes to memory that belongs to the calling thread, so threads never wait for each other. A copy names
/// the same series; what is counted after the series was removed is seen by nobody. Whole numbers are exact up to 2^64
/// (and shown as `Double`, so up to 2^53), fractions as `Double` is.
public struct CounterSeries: Sendable {
    let run: wingbeat_run

    /// Adds one.
    @inline(never)  // an asynchronous caller must not keep the address of a thread's cells
    public func increment() {
        guard let cells = wingbeat_run_mine(run) else { return }
        wingbeat_add(cells + 1, 1)
    }

    /// Adds a whole number; a negative one is dropped and counted as invalid.
    public func increment(by amount: Int) { increment(by: Int64(amount)) }

    /// Adds a whole number; a negative one is dropped and counted as invalid.
    @inline(never)
    public func increment(by amount: Int64) {
        guard amount >= 0 else { return run.countInvalidValue() }
        guard let cells = wingbeat_run_mine(run) else { return }
        wingbeat_add(cells + 1, UInt64(amount))
    }

    /// Adds a number; a negative one, NaN and infinity are dropped and counted as invalid.
    @inline(never)
    public func increment(by amount: Double) {
        guard amount >= 0, amount.isFinite else { return run.countInvalidValue() }
        guard let cells = wingbeat_run_mine(run) else { return }
        if amount < 0x1p53, amount == amount.rounded(.towardZero) {
            wingbeat_add(cells + 1, UInt64(amount))
        } else {
            wingbeat_add_double(cells + 2, amount)
        }
    }

    /// Starts again at zero, which backends take for a restart of the process.
    @inline(never)
    public func reset() {
        let (whole, fraction) = sums
        guard let cells = wingbeat_run_mine(run) else { return }
        wingbeat_add(cells + 1, 0 &- whole)
        wingbeat_add_double(cells + 2, -fraction)
    }

    /// The sum so far; 0 when the series was removed.
    public var value: Double {
        let (whole, fraction) = sums
        return Double(whole) + max(fraction, 0)
    }

    private var sums: (whole: UInt64, fraction: Double) {
        var whole: UInt64 = 0
        var fraction = 0.0
        wingbeat_run_sum(run, 1, &whole, &fraction)
        return (whole, fraction)
    }
}
