// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// Counts lines by level and message, and says which are written. Lock-free: behind the pointer are only atomics, hence
/// `@unchecked`.
final class Sampler: @unchecked Sendable {
    private let sampling: LogSampling
    private let interval: UInt64
    /// Each holds the number of an interval (32 bits) and how many lines were counted in it (32 bits).
    private let slots: UnsafeMutablePointer<Atomic<UInt64>>

    init(_ sampling: LogSampling) {
        self.sampling = sampling
        let (seconds, attoseconds) = sampling.interval.components
        interval = max(UInt64(clamping: Int128(seconds) * 1_000_000_000 + Int128(attoseconds / 1_000_000_000)), 1)
        slots = .allocate(capacity: slotCount)
        for index in 0..<slotCount { (slots + index).initialize(to: Atomic(0)) }
    }

    deinit {
        slots.deinitialize(count: slotCount)
        slots.deallocate()
    }

    /// Counts a line; false when it is one that is not written.
    func admits(_ record: borrowing LogRecord) -> Bool {
        guard record.level <= sampling.highestLevel else { return true }
        let slot = slots + slot(of: record.message, record.level)
        let count = count(in: slot, interval: record.nanoseconds / interval)
        let beyond = count - max(sampling.first, 0)
        return beyond <= 0 || (sampling.thereafter > 0 && beyond % sampling.thereafter == 0)
    }

    private func count(in slot: UnsafeMutablePointer<Atomic<UInt64>>, interval: UInt64) -> Int {
        var old = slot.pointee.load(ordering: .relaxed)
        while true {
            let isSame = old >> 32 == interval & 0xFFFF_FFFF
            let count = isSame ? min(old & 0xFFFF_FFFF + 1, 0xFFFF_FFFF) : 1
            let outcome = slot.pointee.weakCompareExchange(
                expected: old,
                desired: interval << 32 | count,
                ordering: .relaxed
            )
            if outcome.exchanged { return Int(count) }
            old = outcome.original
        }
    }

    /// Source: FNV-1a (Fowler, Noll, Vo), 64 bits, folded.
    private func slot(of message: String, _ level: Logger.Level) -> Int {
        let prime: UInt64 = 0x0000_0100_0000_01B3
        var hash = (0xCBF2_9CE4_8422_2325 ^ UInt64(level.rank)) &* prime
        for byte in message.utf8 { hash = (hash ^ UInt64(byte)) &* prime }
        return Int((hash ^ hash >> 32) & UInt64(slotCount - 1))
    }
}

private let slotCount = 4096
