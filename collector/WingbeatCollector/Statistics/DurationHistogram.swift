// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Durations counted in buckets of which each is an eighth of a power of two wide, so that a quantile is at most 12.5 %
/// from the truth.
public struct DurationHistogram: Hashable, Sendable {
    /// The lowest bucket that counted something.
    private var lowest = 0
    /// How many durations fell into each bucket from the lowest to the highest that counted something.
    private var counts: [UInt64] = []

    /// No durations.
    public init() {}

    /// How many durations were counted.
    public var count: UInt64 { counts.reduce(0, &+) }

    /// Counts a duration.
    public mutating func record(nanoseconds: UInt64, times: UInt64 = 1) {
        add(times, to: Self.bucket(of: nanoseconds))
    }

    /// Adds the durations of another.
    public mutating func add(_ other: DurationHistogram) {
        for (bucket, count) in other.buckets { add(count, to: bucket) }
    }

    /// The duration in nanoseconds below which a share of all lie: the middle of its bucket; nil when there are none.
    ///
    /// - Parameter share: from 0 to 1.
    public func quantile(_ share: Double) -> UInt64? {
        let total = count
        guard total > 0 else { return nil }
        let rank = max(1, (Double(total) * min(max(share, 0), 1)).rounded(.up))
        var seen: UInt64 = 0
        for (bucket, count) in buckets {
            seen &+= count
            if Double(seen) >= rank { return Self.middle(of: bucket) }
        }
        return nil
    }

    /// The buckets that counted something, lowest first.
    private var buckets: [(bucket: Int, count: UInt64)] {
        counts.indices.lazy.filter { counts[$0] > 0 }.map { (lowest + $0, counts[$0]) }
    }

    private mutating func add(_ times: UInt64, to bucket: Int) {
        guard times > 0 else { return }
        if counts.isEmpty { lowest = bucket }
        if bucket < lowest {
            counts.insert(contentsOf: repeatElement(0, count: lowest - bucket), at: 0)
            lowest = bucket
        }
        let missing = bucket - lowest - counts.count + 1
        if missing > 0 { counts.append(contentsOf: repeatElement(0, count: missing)) }
        counts[bucket - lowest] &+= times
    }

    /// Numbers below eight have a bucket of their own; above, the bucket is the power of two and the three bits below
    /// the leading one.
    private static func bucket(of value: UInt64) -> Int {
        guard value >= 8 else { return Int(value) }
        let power = 63 - value.leadingZeroBitCount
        return (power - 2) << 3 | Int(value >> UInt64(power - 3) & 7)
    }

    private static func middle(of bucket: Int) -> UInt64 {
        guard bucket >= 8 else { return UInt64(bucket) }
        let power = UInt64(bucket >> 3) + 2
        let low = (UInt64(bucket & 7) | 8) << (power - 3)
        return low + (UInt64(1) << (power - 3)) / 2
    }
}

extension DurationHistogram {
    /// The buckets as bytes for a column of a table: pairs of bucket and count, each seven bits a byte, lowest first.
    public var bytes: [UInt8] {
        buckets.reduce(into: []) { bytes, pair in
            Self.append(UInt64(pair.bucket), to: &bytes)
            Self.append(pair.count, to: &bytes)
        }
    }

    /// The histogram that ``bytes`` wrote; nil when the bytes are damaged.
    public init?(bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let bucket = Self.number(from: &rest), bucket < 496, let count = Self.number(from: &rest) else {
                return nil
            }
            add(count, to: Int(bucket))
        }
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private static func number(from bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}
