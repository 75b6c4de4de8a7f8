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

    /// Appends an integer in base 10, filled with zeros at the left up to a width.
    package mutating func append(decimal value: UInt64, width: Int) {
        let start = count
        append(digitsOf: value)
        let missing = width - (count - start)
        if missing > 0 { insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: missing), at: start) }
    }

    /// Appends the sixteen lower-case hexadecimal digits of a value.
    package mutating func append(hex value: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) {
            append(hexDigits[Int(truncatingIfNeeded: value >> UInt64(shift)) & 0xF])
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
        var rest = value
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }
}

private let hexDigits: [UInt8] = Array("0123456789abcdef".utf8)
