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
struct Interner {
    /// Bytes that were seen.
    struct Entry {
        let hash: UInt64
        let group: Int
        let number: Int
        let range: Range<Int>
    }

    /// What was seen, in the order in which it came.
    private(set) var entries: [Entry] = []
    private(set) var bytes: [UInt8] = []
    private var slots = [UInt32](repeating: 0, count: 256)

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
            let index = Int(slots[place]) - 1
            if entries[index].hash == hash, entries[index].group == group, isEqual(entries[index].range, new) {
                return (entries[index].number, false)
            }
            place = (place + 1) & (slots.count - 1)
        }
        entries.append(Entry(hash: hash, group: group, number: next, range: bytes.count..<bytes.count + new.count))
        bytes.append(contentsOf: new)
        slots[place] = UInt32(truncatingIfNeeded: entries.count)
        if entries.count * 2 > slots.count { grow() }
        return (next, true)
    }

    private func isEqual(_ range: Range<Int>, _ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard range.count == other.count, let there = other.baseAddress else { return range.count == other.count }
        return bytes.withUnsafeBufferPointer { known in
            guard let here = known.baseAddress else { return false }
            return memcmp(here + range.lowerBound, there, range.count) == 0
        }
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 4)
        for (index, entry) in entries.enumerated() {
            var place = Int(truncatingIfNeeded: entry.hash) & (slots.count - 1)
            while slots[place] > 0 { place = (place + 1) & (slots.count - 1) }
            slots[place] = UInt32(truncatingIfNeeded: index + 1)
        }
    }
}
