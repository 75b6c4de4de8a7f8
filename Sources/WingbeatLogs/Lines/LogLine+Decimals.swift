// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

/// How numbers with a fraction look.
enum DecimalStyle {
    /// As Go prints them with `%v`: below 0.0001 and from a million on with an exponent of two digits at least.
    case go
    /// As JSON writers do: whole numbers below 1e15 without an exponent.
    case json

    /// From this magnitude on there is an exponent.
    var limit: Double { self == .go ? 1e6 : 1e15 }
}

extension LogLine {
    /// Appends the shortest decimal text that reads back as the same finite number: `12.5`, `1e-07`.
    mutating func append(finite value: Double, _ style: DecimalStyle) {
        if !append(short: value, style) { append(description: value.description, style) }
    }

    /// The same for a number of fewer digits.
    mutating func append(finite value: Float, _ style: DecimalStyle) {
        append(description: value.description, style)
    }

    /// A decimal number of at most fifteen digits is the shortest for the number that it is nearest to. So when six
    /// digits after the point give the number back, they need not be searched for.
    @inline(__always)
    private mutating func append(short value: Double, _ style: DecimalStyle) -> Bool {
        let scaled = (value.magnitude * 1e6).rounded()
        guard scaled < 1e15, scaled / 1e6 == value.magnitude else { return false }
        guard value.magnitude < style.limit, scaled >= 100 || scaled == 0 else { return false }
        let (whole, fraction) = UInt64(scaled).quotientAndRemainder(dividingBy: 1_000_000)
        if value.sign == .minus { append(UInt8(ascii: "-")) }
        append(decimal: whole)
        if fraction > 0 { append(millionths: fraction) }
        return true
    }

    /// Appends the point and six digits without the zeros at the end.
    @inline(__always)
    private mutating func append(millionths fraction: UInt64) {
        append(atMost: 7) { place in
            place[0] = UInt8(ascii: ".")
            write(pair: fraction / 10_000, to: place + 1)
            write(pair: fraction / 100 % 100, to: place + 3)
            write(pair: fraction % 100, to: place + 5)
            var last = 6
            while place[last] == UInt8(ascii: "0") { last -= 1 }
            return last + 1
        }
    }

    /// - Parameter text: as Swift describes numbers: `12.5`, `1e-07`, `1.5e+16`.
    private mutating func append(description text: String, _ style: DecimalStyle) {
        var text = text
        text.withUTF8 { text in
            switch style {
            case .go: append(goStyle: ShortestDigits(text))
            case .json: append(text.hasSuffix(".0") ? UnsafeBufferPointer(rebasing: text.dropLast(2)) : text)
            }
        }
    }

    private mutating func append(goStyle number: ShortestDigits) {
        if number.isNegative { append(UInt8(ascii: "-")) }
        let exponent = number.point - 1
        guard exponent >= -4, exponent < 6 else { return append(number, exponent: exponent) }
        append(number, from: 0, to: number.point)
        guard number.count > max(number.point, 0) else { return }
        append(UInt8(ascii: "."))
        append(number, from: number.point, to: number.count)
    }

    private mutating func append(_ number: ShortestDigits, exponent: Int) {
        append(number[0])
        if number.count > 1 { append(UInt8(ascii: ".")) }
        append(number, from: 1, to: number.count)
        append(exponent < 0 ? "e-" : "e+")
        if exponent.magnitude < 10 { append(UInt8(ascii: "0")) }
        append(decimal: UInt64(exponent.magnitude))
    }

    private mutating func append(_ number: ShortestDigits, from start: Int, to end: Int) {
        if end <= start { return append(start == 0 ? "0" : "") }
        for index in start..<end { append(number[index]) }
    }
}

/// The significant digits of a number, and how many of them stand before the point: zero or less where zeros stand
/// between the point and the first digit.
private struct ShortestDigits {
    let isNegative: Bool
    private(set) var point = 0
    private(set) var count = 0
    private var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)

    /// Reads Swift's description of a finite number, which has at most 17 significant digits.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        isNegative = text.first == UInt8(ascii: "-")
        var rest = (isNegative ? text.dropFirst() : text[...])
        var isBehindPoint = false
        while let byte = rest.first, byte != UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: ".") { isBehindPoint = true } else { read(byte, isBehindPoint) }
        }
        point += Int(String(decoding: rest.dropFirst(), as: UTF8.self)) ?? 0
        while count > 1, self[count - 1] == UInt8(ascii: "0") { count -= 1 }
        if count == 0 { point = 1 }
    }

    /// The digit at an index as ASCII; a zero where there is none.
    subscript(index: Int) -> UInt8 {
        guard index >= 0, index < count else { return UInt8(ascii: "0") }
        return withUnsafeBytes(of: digits) { $0[index] }
    }

    private mutating func read(_ digit: UInt8, _ isBehindPoint: Bool) {
        let isLeadingZero = count == 0 && digit == UInt8(ascii: "0")
        if isBehindPoint == isLeadingZero { point += isBehindPoint ? -1 : 1 }
        guard !isLeadingZero, count < 24 else { return }
        withUnsafeMutableBytes(of: &digits) { $0[count] = digit }
        count += 1
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func hasSuffix(_ text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount
            && suffix(text.utf8CodeUnitCount).elementsEqual(
                UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            )
    }
}
