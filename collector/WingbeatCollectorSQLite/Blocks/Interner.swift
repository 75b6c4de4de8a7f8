// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Gives equal bytes of a group one number.
///
/// Bytes are compared as they are: texts that Swift holds for equal but that differ in their bytes stay apart.
struct Interner: ~Copyable {
    /// Bytes that were seen.
    struct Entry: BitwiseCopyable {
        let hash: UInt64
        let group: Int
        let number: Int
        let start: Int
        let count: Int
    }

    /// What was seen, in the order in which it came.
    private(set) var entries = GrowingBuffer<Entry>(capacity: 256)
    private var bytes = GrowingBuffer<UInt8>(capacity: 4096)
    /// The numbers of entries and 1, or 0, where their hashes point; at least half are 0.
    private var slots = UnsafeMutableBufferPointer<Int>.allocate(capacity: 1024)

    init() {
        slots.initialize(repeating: 0)
    }

    deinit {
        slots.deallocate()
    }

    /// The bytes of an entry; they stay where they are until new ones come.
    func bytes(of entry: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: bytes.start + entries[entry].start, count: entries[entry].count)
    }

    /// The number of the bytes in their group.
    ///
    /// - Parameter next: the number that they get when they are new.
    mutating func number(
        of new: UnsafeBufferPointer<UInt8>,
        hash: UInt64,
        group: Int,
        next: Int
    ) -> (number: Int, isNew: Bool) {
        let hash = StableHash.pair(hash, UInt64(truncatingIfNeeded: group))
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[place] > 0 {
            let entry = slots[place] - 1
            if entries[entry].hash == hash, entries[entry].group == group, isEqual(entry, new) {
                return (entries[entry].number, false)
            }
            place = (place + 1) & (slots.count - 1)
        }
        entries.append(Entry(hash: hash, group: group, number: next, start: bytes.count, count: new.count))
        bytes.append(new)
        slots[place] = entries.count
        if entries.count * 2 > slots.count { grow() }
        return (next, true)
    }

    private func isEqual(_ entry: Int, _ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard entries[entry].count == other.count else { return false }
        guard let there = other.baseAddress else { return true }
        return memcmp(bytes.start + entries[entry].start, there, other.count) == 0
    }

    private mutating func grow() {
        let larger = UnsafeMutableBufferPointer<Int>.allocate(capacity: slots.count * 4)
        larger.initialize(repeating: 0)
        slots.deallocate()
        slots = larger
        for entry in 0..<entries.count {
            var place = Int(truncatingIfNeeded: entries[entry].hash) & (slots.count - 1)
            while slots[place] > 0 { place = (place + 1) & (slots.count - 1) }
            slots[place] = entry + 1
        }
    }
}
