// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends the shortest decimal text that reads back as the same value, never with an exponent: `0.000001`.
    ///
    /// - Parameters:
    ///   - value: finite; infinities, NaN and minus zero are written as `0`.
    ///   - power: moves the point of the text to the right, which multiplies by a power of ten without rounding:
    ///     0.0123 seconds are 12.3 milliseconds and not 12.299999999999999.
    package mutating func append(plainDecimal value: Double, timesTenTo power: Int = 0) {
        guard value.isFinite, value != 0 else { return append(UInt8(ascii: "0")) }
        if value < 0 { append(UInt8(ascii: "-")) }
        let (digits, point) = decimalDigits(value.magnitude)
        append(digits, point: point + power)
    }

    private mutating func append(_ digits: ArraySlice<UInt8>, point: Int) {
        let zero = UInt8(ascii: "0")
        if point <= 0 {
            append(literal: "0.")
            append(contentsOf: repeatElement(zero, count: -point))
            append(contentsOf: digits)
        } else if point < digits.count {
            append(contentsOf: digits.prefix(point))
            append(UInt8(ascii: "."))
            append(contentsOf: digits.dropFirst(point))
        } else {
            append(contentsOf: digits)
            append(contentsOf: repeatElement(zero, count: point - digits.count))
        }
    }
}

/// The significant digits of a positive number, and how many of them stand before the point; zero or less where zeros
/// stand between the point and the first digit.
private func decimalDigits(_ magnitude: Double) -> (digits: ArraySlice<UInt8>, point: Int) {
    let zero = UInt8(ascii: "0")
    let text = Array(magnitude.description.utf8)  // the shortest, such as 12.5, 1e-07 or 1.5e+16
    let mantissa = text.prefix { $0 != UInt8(ascii: "e") }
    let exponent = Int(String(decoding: text.dropFirst(mantissa.count + 1), as: UTF8.self)) ?? 0
    let wholeDigits = mantissa.prefix { $0 != UInt8(ascii: ".") }.count
    let digits = mantissa.filter { $0 != UInt8(ascii: ".") }
    let leadingZeros = digits.prefix { $0 == zero }.count
    let trailingZeros = digits.reversed().prefix { $0 == zero }.count
    return (digits[leadingZeros..<(digits.count - trailingZeros)], wholeDigits + exponent - leadingZeros)
}
