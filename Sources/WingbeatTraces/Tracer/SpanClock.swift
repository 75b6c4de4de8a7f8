// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatSpans

/// Tells an instant of the caller's choice from the present, although swift-distributed-tracing gives both as instants of
/// the wall clock.
enum SpanClock {
    /// An instant this close to the present counts as the present: far above the time between two clock reads.
    private static let tolerance: UInt64 = 1_000_000

    /// The present on the monotonic clock when the instant, in nanoseconds since 1970, is close to it; otherwise zero.
    static func monotonic(near wall: UInt64) -> UInt64 {
        let now = wingbeat_now()
        if isClose(wall, now.wall) { return now.monotonic }
        guard isClose(wall, wingbeat_wall()) else { return 0 }
        wingbeat_clock_measure()  // the wall clock was stepped
        return now.monotonic
    }

    private static func isClose(_ left: UInt64, _ right: UInt64) -> Bool {
        (left > right ? left - right : right - left) < tolerance
    }
}
