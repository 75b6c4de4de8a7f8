// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatLine

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// For a format in which a key must not occur twice: the pair that comes last stays.
extension LogLine {
    /// Begins a line without pairs.
    mutating func forgetPairs() {
        buffer.pointee.pair_count = 0
        buffer.pointee.has_rest = 0
        buffer.pointee.key_sums = 0
    }

    /// Notes the pair whose key was just written, and takes an earlier one with the same key out. The first 32 pairs
    /// of a line are looked at.
    ///
    /// - Parameter start: where the pair begins, with its key in quotes and a colon.
    @inline(__always)
    mutating func beginPair(from start: Int) {
        let sum = cheapSum(from: start)
        let isKnown = buffer.pointee.key_sums & sum != 0
        buffer.pointee.key_sums |= sum
        let start = isKnown ? start - removePair(withKeyAt: start) : start
        guard buffer.pointee.has_rest == 0 else { return }
        let number = Int(buffer.pointee.pair_count)
        withStarts { $0[number] = UInt32(truncatingIfNeeded: start) }
        if number < wingbeat_line_pairs { buffer.pointee.pair_count += 1 } else { buffer.pointee.has_rest = 1 }
    }

    /// One of 64 bits.
    @inline(__always)
    private func cheapSum(from start: Int) -> UInt64 {
        let bytes = bytes
        let length = bytes.count - start
        let mixed =
            length << 24 ^ Int(bytes[start + 1]) << 16 ^ Int(bytes[start + length / 2]) << 8
            ^ Int(bytes[bytes.count - 3])
        return 1 << ((UInt64(mixed) &* 0x9E37_79B9_7F4A_7C15) >> 58)  // Fibonacci hashing: Knuth, TAOCP 6.4
    }

    /// - Returns: how many bytes were taken out.
    private mutating func removePair(withKeyAt start: Int) -> Int {
        let number = (0..<Int(buffer.pointee.pair_count)).first { hasKey(at: start, pair: $0) }
        guard let number else { return 0 }
        let from = pairStart(number)
        let to = number + 1 < startCount ? pairStart(number + 1) : start
        remove(from..<to)
        forget(number, shiftingBy: to - from)
        return to - from
    }

    private func hasKey(at start: Int, pair number: Int) -> Bool {
        let length = count - start
        let other = pairStart(number)
        guard other + length <= start, let text = bytes.baseAddress else { return false }
        return memcmp(text + other, text + start, length) == 0
    }

    private mutating func forget(_ number: Int, shiftingBy length: Int) {
        let count = startCount
        withStarts { starts in
            for later in (number + 1)..<max(count, number + 1) {
                starts[later - 1] = starts[later] &- UInt32(truncatingIfNeeded: length)
            }
        }
        buffer.pointee.pair_count -= 1
    }

    private var startCount: Int { Int(buffer.pointee.pair_count + buffer.pointee.has_rest) }

    private func pairStart(_ number: Int) -> Int { withStarts { Int($0[number]) } }

    @inline(__always)
    private func withStarts<Result>(_ body: (UnsafeMutablePointer<UInt32>) -> Result) -> Result {
        let start = UnsafeMutableRawPointer(buffer) + (MemoryLayout<wingbeat_line>.offset(of: \.pair_starts) ?? 0)
        return body(start.assumingMemoryBound(to: UInt32.self))
    }
}
