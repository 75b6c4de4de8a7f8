// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Counts values in buckets of 2^(1/64), for quantiles within 0.55 % and for native histograms.
///
/// The 64 buckets of a doubling are made together when its first value comes, so that memory follows the spread of the
/// values: 512 bytes for each doubling. Magnitudes up to 2^-32 count as zero; those above 2^32 count in the last bucket.
final class SeriesSketch: Sendable {
    static let schema = 6
    static let zeroThreshold = exp2(Double(leastDoubling))
    private static let leastDoubling = -32
    private static let doublings = 64
    private static let bucketsPerDoubling = 1 << schema

    private typealias Buckets = UnsafeMutablePointer<Atomic<UInt64>>

    private let zeros = Atomic<UInt64>(0)
    /// The addresses of the doublings' buckets: first for positive values, then for negative ones.
    private nonisolated(unsafe) let chunks: UnsafeMutablePointer<Atomic<UInt>>

    init() {
        chunks = .allocate(capacity: 2 * Self.doublings)
        for index in 0..<2 * Self.doublings { (chunks + index).initialize(to: Atomic(0)) }
    }

    deinit {
        for index in 0..<2 * Self.doublings { buckets(index)?.deallocate() }
        chunks.deallocate()
    }

    /// Counts a finite value.
    func add(_ value: Double) {
        guard value.magnitude > Self.zeroThreshold else {
            zeros.wrappingAdd(1, ordering: .relaxed)
            return
        }
        let (doubling, bucket) = Self.place(of: value.magnitude)
        let chunk = doubling - Self.leastDoubling + (value < 0 ? Self.doublings : 0)
        (buckets(chunk) ?? makeBuckets(chunk))[bucket].wrappingAdd(1, ordering: .relaxed)
    }

    func read() -> ExponentialCounts {
        ExponentialCounts(
            schema: Self.schema,
            zeroCount: zeros.load(ordering: .relaxed),
            zeroThreshold: Self.zeroThreshold,
            positive: read(from: 0),
            negative: read(from: Self.doublings)
        )
    }

    /// Starts again for another series.
    func clear() {
        zeros.store(0, ordering: .relaxed)
        for chunk in 0..<2 * Self.doublings {
            guard let buckets = buckets(chunk) else { continue }
            for bucket in 0..<Self.bucketsPerDoubling { buckets[bucket].store(0, ordering: .relaxed) }
        }
    }

    private func read(from first: Int) -> [ExponentialCounts.Bucket] {
        var found: [ExponentialCounts.Bucket] = []
        for doubling in 0..<Self.doublings {
            guard let buckets = buckets(first + doubling) else { continue }
            let least = (doubling + Self.leastDoubling) * Self.bucketsPerDoubling + 1
            for bucket in 0..<Self.bucketsPerDoubling {
                let count = buckets[bucket].load(ordering: .relaxed)
                if count > 0 { found.append(ExponentialCounts.Bucket(index: least + bucket, count: count)) }
            }
        }
        return found
    }

    private func buckets(_ chunk: Int) -> Buckets? {
        Buckets(bitPattern: chunks[chunk].load(ordering: .acquiring))
    }

    private func makeBuckets(_ chunk: Int) -> Buckets {
        let new = Buckets.allocate(capacity: Self.bucketsPerDoubling)
        for bucket in 0..<Self.bucketsPerDoubling { (new + bucket).initialize(to: Atomic(0)) }
        let (made, found) = chunks[chunk].compareExchange(
            expected: 0,
            desired: UInt(bitPattern: new),
            ordering: .acquiringAndReleasing
        )
        guard !made, let first = Buckets(bitPattern: found) else { return new }
        new.deallocate()
        return first
    }

    /// The doubling `d` with `2^d < value <= 2^(d+1)`, and which of its buckets, from 0.
    private static func place(of value: Double) -> (doubling: Int, bucket: Int) {
        let mantissa = value.significand
        var bound = firstBounds[Int(truncatingIfNeeded: value.significandBitPattern >> 46)]
        while bounds[bound] < mantissa { bound += 1 }
        let index = Int(value.exponent) * bucketsPerDoubling + bound - 1
        let doubling = index >> schema
        if doubling < leastDoubling { return (leastDoubling, 0) }
        if doubling >= leastDoubling + doublings { return (leastDoubling + doublings - 1, bucketsPerDoubling - 1) }
        return (doubling, index & (bucketsPerDoubling - 1))
    }

    /// 2^(k/64) for k from 0 to 64.
    private static let bounds: [Double] = (0...bucketsPerDoubling).map {
        exp2(Double($0) / Double(bucketsPerDoubling))
    }
    /// For the first six bits of a mantissa, the first bound that a value with them may have.
    private static let firstBounds: [Int] = (0..<64).map { bits in
        bounds.firstIndex { $0 >= 1 + Double(bits) / 64 } ?? bucketsPerDoubling
    }
}
