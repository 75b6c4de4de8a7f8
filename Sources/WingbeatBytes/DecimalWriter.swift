// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Writes an integer in base 10 at a place with room for 20 digits, two digits at a time.
///
/// - Returns: how many digits there are.
@inline(__always)
package func write(decimal value: UInt64, to start: UnsafeMutablePointer<UInt8>) -> Int {
    let count = digitCount(value)
    var end = start + count
    var rest = value
    return digitPairs.withUnsafeBufferPointer { pairs in
        while rest >= 100 {
            let pair = Int(truncatingIfNeeded: rest % 100) &* 2
            rest /= 100
            end -= 2
            end[0] = pairs[pair]
            end[1] = pairs[pair &+ 1]
        }
        if rest >= 10 {
            let pair = Int(truncatingIfNeeded: rest) &* 2
            start[0] = pairs[pair]
            start[1] = pairs[pair &+ 1]
        } else {
            start[0] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest)
        }
        return count
    }
}

@inline(__always)
private func digitCount(_ value: UInt64) -> Int {
    var count = 1
    var rest = value
    while rest >= 10_000 {
        rest /= 10_000
        count &+= 4
    }
    return count &+ (rest >= 1000 ? 3 : rest >= 100 ? 2 : rest >= 10 ? 1 : 0)
}

/// `00`, `01` to `99`, one after the other.
private let digitPairs: [UInt8] = (0..<100).flatMap { [UInt8(ascii: "0") + $0 / 10, UInt8(ascii: "0") + $0 % 10] }
