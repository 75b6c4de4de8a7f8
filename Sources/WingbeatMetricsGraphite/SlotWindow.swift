// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatMetrics

/// Turns readings since the start into what happened since the slot of time began in which they were made.
struct SlotWindow: Sendable {
    private var slot: UInt64 = 0
    private var beforeSlot = MetricWindow()
    private var latest = MetricWindow()

    /// - Parameters:
    ///   - reading: numbers since the start.
    ///   - time: when it was made, in seconds.
    ///   - length: how long a slot is, in seconds.
    /// - Returns: the slot's first second, and the numbers since it began. When the clock is set back by up to an hour,
    ///   the slot goes on until its time has come again, so that no earlier point is overwritten.
    mutating func advance(
        to reading: MetricSnapshot,
        time: UInt64,
        length: UInt64
    ) -> (slot: UInt64, numbers: MetricSnapshot) {
        let now = time - time % max(length, 1)
        if now > slot || slot - now > 3600 {
            slot = now
            beforeSlot = latest
        }
        latest = beforeSlot
        return (slot, latest.advance(to: reading))
    }
}
