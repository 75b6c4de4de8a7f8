// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Finds the bucket of a value in constant time: the value's exponent and first bits of its mantissa say where to begin
/// in a table, and from there it is mostly no step, seldom one.
// Unchecked because of its buffers, which nobody writes to after they were made.
struct BucketFinder: @unchecked Sendable, ~Copyable {
    /// Bits of the mantissa that choose a beginning: eight for each doubling.
    private static let mantissaBits: UInt64 = 3
    private static let shift = 52 - mantissaBits

    private let bounds: UnsafeMutableBufferPointer<Double>
    private let beginnings: UnsafeMutableBufferPointer<UInt16>
    private let leastKey: Int
    private let firstPositive: Int

    /// - Parameter bounds: ascending and finite, at most 65,535.
    init(_ upperBounds: [Double]) {
        bounds = .allocate(capacity: upperBounds.count)
        _ = bounds.initialize(from: upperBounds)
        let positive = upperBounds.filter { $0 > 0 }
        let keys = Self.key(positive.first ?? 1)...Self.key(max(positive.last ?? 1, positive.first ?? 1))
        leastKey = keys.lowerBound
        firstPositive = upperBounds.count - positive.count
        beginnings = .allocate(capacity: keys.count)
        for key in keys {
            let least = Double(bitPattern: UInt64(key) << Self.shift)
            let first = upperBounds.firstIndex { $0 >= least } ?? upperBounds.count
            beginnings.initializeElement(at: key - leastKey, to: UInt16(first))
        }
    }

    deinit {
        bounds.deallocate()
        beginnings.deallocate()
    }

    /// How many bounds are below the value.
    @inline(__always)
    func bucket(of value: Double) -> Int {
        guard value > 0 else { return bounds.firstIndex { $0 >= value } ?? bounds.count }
        let position = Self.key(value) &- leastKey
        var bucket = position < 0 ? firstPositive : Int(beginnings[min(position, beginnings.count &- 1)])
        while bucket < bounds.count, bounds[bucket] < value { bucket &+= 1 }
        return bucket
    }

    private static func key(_ value: Double) -> Int { Int(truncatingIfNeeded: value.bitPattern >> shift) }
}
