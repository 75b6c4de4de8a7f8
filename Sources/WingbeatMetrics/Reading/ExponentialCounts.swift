// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A distribution over buckets whose bounds are powers of 2^(1/2^schema), of which only those with values are kept.
///
/// The bucket with index `i` holds the values in `(base^(i-1), base^i]` with `base = 2^(1/2^schema)`, as Prometheus'
/// native histograms and OpenTelemetry's exponential histograms (whose index is one less) have it. At schema 6 a
/// bucket's middle is within 0.55 % of every value in it.
public struct ExponentialCounts: Hashable, Sendable {
    /// A bucket with values.
    public struct Bucket: Hashable, Sendable {
        /// Which bucket, by the exponent of its upper bound.
        public let index: Int
        /// How many values fell into it; at least one.
        public let count: UInt64

        /// A bucket.
        public init(index: Int, count: UInt64) {
            self.index = index
            self.count = count
        }
    }

    /// How fine the buckets are: each doubling of the values has 2^schema of them.
    public let schema: Int
    /// How many values were nearer to zero than ``zeroThreshold``.
    public let zeroCount: UInt64
    /// The largest magnitude that counts as zero.
    public let zeroThreshold: Double
    /// The buckets of positive values, ascending by index.
    public let positive: [Bucket]
    /// The buckets of negative values by magnitude, ascending by index.
    public let negative: [Bucket]

    /// A distribution; the buckets must ascend by index.
    public init(
        schema: Int,
        zeroCount: UInt64 = 0,
        zeroThreshold: Double = 0,
        positive: [Bucket] = [],
        negative: [Bucket] = []
    ) {
        self.schema = schema
        self.zeroCount = zeroCount
        self.zeroThreshold = zeroThreshold
        self.positive = positive
        self.negative = negative
    }

    /// How many values there are.
    public var count: UInt64 {
        (positive + negative).reduce(zeroCount) { $0 &+ $1.count }
    }

    /// The upper bound of the positive bucket with an index.
    public func upperBound(_ index: Int) -> Double { exp2(Double(index) * exp2(-Double(schema))) }

    /// The value below which a part of all values lies: the geometric middle of the bucket that holds it.
    ///
    /// - Parameter rank: from 0 to 1; 0.99 for the 99th percentile.
    /// - Returns: nil when there are no values.
    public func quantile(_ rank: Double) -> Double? {
        let total = count
        guard total > 0 else { return nil }
        let target = UInt64(max(1, (min(max(rank, 0), 1) * Double(total)).rounded(.up)))
        var seen: UInt64 = 0
        for bucket in negative.reversed() {
            seen &+= bucket.count
            if seen >= target { return -middle(bucket.index) }
        }
        seen &+= zeroCount
        if zeroCount > 0, seen >= target { return 0 }
        for bucket in positive {
            seen &+= bucket.count
            if seen >= target { return middle(bucket.index) }
        }
        return positive.last.map { middle($0.index) }
    }

    /// The value that stands for all values of a positive bucket: the geometric middle of its bounds.
    public func middle(_ index: Int) -> Double { exp2((Double(index) - 0.5) * exp2(-Double(schema))) }

    /// The same values in coarser buckets; of several that become one the counts are summed. Exact.
    ///
    /// - Parameter schema: not above the present one, which is kept otherwise.
    public func coarsened(to schema: Int) -> ExponentialCounts {
        let shift = self.schema - schema
        guard shift > 0 else { return self }
        return ExponentialCounts(
            schema: schema,
            zeroCount: zeroCount,
            zeroThreshold: zeroThreshold,
            positive: Self.merged(positive, shift),
            negative: Self.merged(negative, shift)
        )
    }

    /// The values that came since an earlier reading of the same series.
    public func since(_ earlier: ExponentialCounts) -> ExponentialCounts {
        ExponentialCounts(
            schema: schema,
            zeroCount: zeroCount &- earlier.zeroCount,
            zeroThreshold: zeroThreshold,
            positive: Self.difference(positive, earlier.positive),
            negative: Self.difference(negative, earlier.negative)
        )
    }

    private static func merged(_ buckets: [Bucket], _ shift: Int) -> [Bucket] {
        var merged: [Bucket] = []
        for bucket in buckets {
            let index = (bucket.index + (1 << shift) - 1) >> shift  // rounded up: the bound belongs to the bucket
            if let last = merged.last, last.index == index {
                merged[merged.count - 1] = Bucket(index: index, count: last.count &+ bucket.count)
            } else {
                merged.append(Bucket(index: index, count: bucket.count))
            }
        }
        return merged
    }

    private static func difference(_ buckets: [Bucket], _ earlier: [Bucket]) -> [Bucket] {
        var rest = earlier[...]
        return buckets.compactMap { bucket in
            while let first = rest.first, first.index < bucket.index { rest.removeFirst() }
            let before = rest.first.map { $0.index == bucket.index ? $0.count : 0 } ?? 0
            return bucket.count > before ? Bucket(index: bucket.index, count: bucket.count - before) : nil
        }
    }
}
