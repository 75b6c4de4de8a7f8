// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Writes an integer in base 10 at a place with room for 20 digits, two digits at a time.
///
/// - Returns: how many digits there are.
@inlinable
@inline(__always)
package func write(decimal value: UInt64, to start: UnsafeMutablePointer<UInt8>) -> Int {
    let count = digitCount(value)
    var end = start + count
    var rest = value
    while rest >= 100 {
        end -= 2
        write(pair: rest % 100, to: end)
        rest /= 100
    }
    if rest >= 10 {
        write(pair: rest, to: start)
    } else {
        start[0] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest)
    }
    return count
}

/// Writes two digits of a number below 100.
@inlinable
@inline(__always)
package func write(pair: UInt64, to place: UnsafeMutablePointer<UInt8>) {
    // `00`, `01` to `99`, one after the other.
    let digitPairs: StaticString = """
        0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
        5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """
    let digits = digitPairs.utf8Start + 2 &* Int(truncatingIfNeeded: pair)
    place[0] = digits[0]
    place[1] = digits[1]
}

@inlinable
@inline(__always)
package func digitCount(_ value: UInt64) -> Int {
    var count = 1
    var rest = value
    while rest >= 10_000 {
        rest /= 10_000
        count &+= 4
    }
    return count &+ (rest >= 1000 ? 3 : rest >= 100 ? 2 : rest >= 10 ? 1 : 0)
}
