// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Appends numbers and text to a byte buffer without building a `String` first.
extension [UInt8] {
    /// Appends the UTF-8 bytes of a text as they are.
    package mutating func append(text: String) {
        append(contentsOf: text.utf8)
    }

    /// Appends the bytes of a literal.
    package mutating func append(literal: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Appends an integer in base 10.
    package mutating func append(decimal value: some BinaryInteger) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(digitsOf: UInt64(value.magnitude))
    }

    /// Appends an integer in base 10: the common case of the above, which needs no generic code.
    package mutating func append(decimal value: UInt64) {
        append(digitsOf: value)
    }

    /// Appends an integer in base 10, filled with zeros at the left up to a width.
    package mutating func append(decimal value: UInt64, width: Int) {
        var bound: UInt64 = 10
        var digits = 1
        while digits < width {
            if value < bound { append(UInt8(ascii: "0")) }
            bound *= 10
            digits += 1
        }
        append(digitsOf: value)
    }

    /// Appends the sixteen lower-case hexadecimal digits of a value.
    package mutating func append(hex value: UInt64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { digits in
            for position in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * position)) & 0xF
                digits[position] = digit &+ (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
            }
            append(contentsOf: UnsafeBufferPointer(digits))
        }
    }

    /// Appends the shortest decimal text that reads back as the same value; whole numbers have no fraction.
    ///
    /// Infinities and NaN are spelled as Prometheus spells them: `+Inf`, `-Inf`, `NaN`.
    package mutating func append(double value: Double) {
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 54 {  // from there on it has an exponent
            if whole == 0, value.sign == .minus { append(UInt8(ascii: "-")) }
            append(decimal: whole)
        } else if value.isFinite {
            append(contentsOf: value.description.utf8)
        } else if value.isNaN {
            append(literal: "NaN")
        } else {
            append(literal: value < 0 ? "-Inf" : "+Inf")
        }
    }

    private mutating func append(digitsOf value: UInt64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            guard let start = digits.baseAddress else { return }
            append(contentsOf: UnsafeBufferPointer(start: start, count: write(decimal: value, to: start)))
        }
    }
}
