// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// The time as an intake needs it.
protocol IntakeClock: Sendable {
    /// Nanoseconds of a clock that does not jump.
    var nanoseconds: Int64 { get }
    /// Nanoseconds since 1970.
    var unixNanoseconds: UInt64 { get }
}

/// The machine's time.
struct SystemIntakeClock: IntakeClock {
    private let start = ContinuousClock.now

    var nanoseconds: Int64 { (ContinuousClock.now - start).nanoseconds }
    var unixNanoseconds: UInt64 { WingbeatModel.unixNanoseconds() }
}

extension Duration {
    /// Whole nanoseconds; the largest number where it lies beyond.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, sumOverflow) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return sumOverflow ? (seconds < 0 ? .min : .max) : sum
    }
}
