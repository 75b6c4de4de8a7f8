// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells

/// Finds the run of a series by its key: an open-addressed table that any thread reads without a lock while one at a
/// time, which holds the family's lock, changes it.
///
/// A reader that meets a change may miss a series, and then looks again under the lock; it never finds a wrong one,
/// because it compares the whole key, and afterwards looks whether the entry is still the one that it came by.
/// Memory that readers may be in is reused, but not freed before the family.
final class SeriesIndex: @unchecked Sendable {
    /// What an entry points to: the run and the key, in words. Made, filled and reused under the lock.
    struct Record {
        let words: UnsafeMutablePointer<UInt64>

        static let headerLength = 3

        var run: wingbeat_run {
            wingbeat_run(tag: wingbeat_load(words), position: UInt32(truncatingIfNeeded: wingbeat_load(words + 1)))
        }
        /// Which row of the family the series has.
        var row: Int { Int(wingbeat_load(words + 1) >> 32) }
        var key: UnsafeBufferPointer<UInt64> {
            UnsafeBufferPointer(start: words + Self.headerLength, count: Int(words[2]))
        }
    }

    let seed: UInt64
    /// The address of `[mask, 0, hash, record, hash, record, ...]`; hash 0 is an empty entry, 1 a removed one.
    private let current: UnsafeMutablePointer<UInt64>
    private var retired: [UnsafeMutablePointer<UInt64>] = []
    private var count = 0
    private var used = 0

    init() {
        seed = .random(in: .min ... .max)
        current = .allocate(capacity: 1)
        current.initialize(to: UInt64(UInt(bitPattern: Self.emptySlots(capacity: 4))))
    }

    deinit {
        slots.deallocate()
        for old in retired { old.deallocate() }
        current.deallocate()
    }

    private var slots: UnsafeMutablePointer<UInt64> {
        UnsafeMutablePointer(bitPattern: UInt(wingbeat_load_acquiring(current))).unsafelyUnwrapped
    }

    private func publish(_ slots: UnsafeMutablePointer<UInt64>) {
        wingbeat_store_releasing(current, UInt64(UInt(bitPattern: slots)))
    }

    private static func emptySlots(capacity: Int) -> UnsafeMutablePointer<UInt64> {
        let slots = UnsafeMutablePointer<UInt64>.allocate(capacity: 2 + 2 * capacity)
        slots.initialize(repeating: 0, count: 2 + 2 * capacity)
        slots[0] = UInt64(capacity - 1)
        return slots
    }

    // MARK: Reading, by any thread

    /// - Returns: `wingbeat_no_run` when there is none, or a change was met.
    @inline(__always)
    func run(_ key: UnsafeBufferPointer<UInt64>, hash: UInt64) -> wingbeat_run {
        let slots = slots
        let mask = slots[0]
        var position = hash & mask
        while true {
            let entry = slots + (2 &+ 2 &* Int(truncatingIfNeeded: position))
            let found = wingbeat_load_acquiring(entry)
            if found == 0 { return wingbeat_no_run }
            if found == hash, let run = Self.run(at: entry, key, hash) { return run }
            position = (position &+ 1) & mask
        }
    }

    @inline(__always)
    private static func run(
        at entry: UnsafeMutablePointer<UInt64>,
        _ key: UnsafeBufferPointer<UInt64>,
        _ hash: UInt64
    ) -> wingbeat_run? {
        let address = wingbeat_load(entry + 1)
        guard let words = UnsafeMutablePointer<UInt64>(bitPattern: UInt(address)) else { return nil }
        guard wingbeat_load(words + 2) == UInt64(key.count) else { return nil }
        var index = 0
        while index < key.count {
            if wingbeat_load(words + Record.headerLength + index) != key[index] { return nil }
            index &+= 1
        }
        let run = Record(words: words).run
        wingbeat_fence_acquiring()
        return wingbeat_load(entry) == hash && wingbeat_load(entry + 1) == address ? run : nil
    }

    // MARK: Changing, under the lock

    /// - Returns: nil when there is none.
    func record(_ key: UnsafeBufferPointer<UInt64>, hash: UInt64) -> Record? {
        entry(hash) { $0.key.elementsEqual(key) }.map(Self.record)
    }

    func insert(_ record: Record, hash: UInt64) {
        if 4 * (used + 1) > 3 * capacity { rebuild() }
        var position = hash & slots[0]
        while slots[entryOffset(position)] > 1 { position = (position &+ 1) & slots[0] }
        let entry = slots + entryOffset(position)
        if entry[0] == 0 { used += 1 }
        count += 1
        Self.fill(entry, hash, record)
    }

    func remove(_ record: Record, hash: UInt64) {
        guard let entry = entry(hash, where: { $0.words == record.words }) else { return }
        wingbeat_store_releasing(entry, 1)
        count -= 1
    }

    private var capacity: Int { Int(slots[0]) + 1 }

    private func entryOffset(_ position: UInt64) -> Int { 2 + 2 * Int(position) }

    private static func record(of entry: UnsafeMutablePointer<UInt64>) -> Record {
        Record(words: UnsafeMutablePointer(bitPattern: UInt(entry[1])).unsafelyUnwrapped)
    }

    private static func fill(_ entry: UnsafeMutablePointer<UInt64>, _ hash: UInt64, _ record: Record) {
        wingbeat_store(entry + 1, UInt64(UInt(bitPattern: record.words)))
        wingbeat_store_releasing(entry, hash)
    }

    private func entry(_ hash: UInt64, where matches: (Record) -> Bool) -> UnsafeMutablePointer<UInt64>? {
        var position = hash & slots[0]
        while slots[entryOffset(position)] != 0 {
            let entry = slots + entryOffset(position)
            if entry[0] == hash, matches(Self.record(of: entry)) { return entry }
            position = (position &+ 1) & slots[0]
        }
        return nil
    }

    /// Makes room: by forgetting removed entries in place, or with twice the entries when there are few of those.
    private func rebuild() {
        let live = (0..<capacity).map { slots + entryOffset(UInt64($0)) }.filter { $0[0] > 1 }
            .map { (hash: $0[0], record: Self.record(of: $0)) }
        if 2 * count > capacity {
            let old = slots
            let new = Self.emptySlots(capacity: 2 * capacity)
            for (hash, record) in live { Self.place(record, hash, in: new) }
            publish(new)
            retired.append(old)
        } else {
            for position in 0..<capacity { wingbeat_store_releasing(slots + entryOffset(UInt64(position)), 0) }
            for (hash, record) in live { Self.place(record, hash, in: slots) }
        }
        used = live.count
    }

    private static func place(_ record: Record, _ hash: UInt64, in slots: UnsafeMutablePointer<UInt64>) {
        var position = hash & slots[0]
        while slots[2 + 2 * Int(position)] > 1 { position = (position &+ 1) & slots[0] }
        fill(slots + 2 + 2 * Int(position), hash, record)
    }
}
