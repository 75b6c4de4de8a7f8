// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells

/// One series of a gauge: a value that goes up and down.
///
/// A copy names the same series; what is set after the series was removed is seen by nobody.
public struct GaugeSeries: Sendable {
    let run: wingbeat_run

    /// The current value; 0 when the series was removed.
    public var value: Double { wingbeat_run_shared(run).map { wingbeat_load_double($0 + 2) } ?? 0 }

    /// Replaces the value; NaN and infinities are kept as they are, for they may mean something in a gauge.
    public func set(_ value: Double) {
        if let shared = wingbeat_run_shared(run) { wingbeat_store_double(shared + 2, value) }
    }

    /// Replaces the value.
    public func set(_ value: Int) { set(Double(value)) }

    /// Replaces the value.
    public func set(_ value: Int64) { set(Double(value)) }

    /// Adds a number, which may be negative; NaN and infinities are dropped and counted as invalid.
    public func add(_ amount: Double) {
        guard amount.isFinite else { return run.countInvalidValue() }
        if let shared = wingbeat_run_shared(run) { wingbeat_add_double_shared(shared + 2, amount) }
    }

    /// Adds a number.
    public func increment(by amount: Double = 1) { add(amount) }

    /// Takes a number away.
    public func decrement(by amount: Double = 1) { add(-amount) }
}
