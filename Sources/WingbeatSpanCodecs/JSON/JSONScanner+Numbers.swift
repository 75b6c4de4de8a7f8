// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension JSONScanner {
    /// Reads a whole number that fits 64 bits, also where it is written as text or with an empty fraction.
    @inline(__always)
    mutating func integer() throws(SpanDecodingError) -> Int64 {
        if let value = plainInteger() { return value }
        return try anyInteger()
    }

    /// Reads a whole number of at most 19 digits, or the same as text; leaves everything else to be read again.
    @inline(__always)
    private mutating func plainInteger() -> Int64? {
        _ = peek()
        let start = index
        let isText = at(UInt8(ascii: "\""))
        if isText { index &+= 1 }
        let isNegative = at(UInt8(ascii: "-"))
        if isNegative { index &+= 1 }
        let digits = index
        let magnitude = readDigits()
        let count = index &- digits
        if isText, at(UInt8(ascii: "\"")) {
            index &+= 1
        } else if isText || isNumberContinued || count > 1 && bytes[digits] == UInt8(ascii: "0") {
            index = start
            return nil
        }
        guard 1...19 ~= count, let value = Int64(exactly: magnitude) else {
            index = start
            return nil
        }
        return isNegative ? -value : value
    }

    /// The number that the digits mean, which is right for up to 19 of them.
    @inline(__always)
    private mutating func readDigits() -> UInt64 {
        var value: UInt64 = 0
        while index < bytes.count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            value = value &* 10 &+ UInt64(digit)
            index &+= 1
        }
        return value
    }

    private var isNumberContinued: Bool { at(UInt8(ascii: ".")) || at(UInt8(ascii: "e")) || at(UInt8(ascii: "E")) }

    private mutating func anyInteger() throws(SpanDecodingError) -> Int64 {
        let start = index
        let text = peek() == UInt8(ascii: "\"") ? try string() : try numberText()
        if let value = Int64(text) { return value }
        if let value = Double(text), let whole = Int64(exactly: value) { return whole }
        index = start
        throw malformed("a whole number of 64 bits")
    }

    /// Reads the text of a number, as it is written.
    mutating func numberText() throws(SpanDecodingError) -> String {
        _ = peek()
        let start = index
        if at(UInt8(ascii: "-")) { index += 1 }
        let digits = index
        guard skipDigits() else { throw malformed("a value") }
        if bytes[digits] == UInt8(ascii: "0"), index > digits + 1 { throw malformed("a number without leading zeros") }
        if at(UInt8(ascii: ".")) {
            index += 1
            guard skipDigits() else { throw malformed("a digit") }
        }
        if at(UInt8(ascii: "e")) || at(UInt8(ascii: "E")) {
            index += 1
            if at(UInt8(ascii: "+")) || at(UInt8(ascii: "-")) { index += 1 }
            guard skipDigits() else { throw malformed("a digit") }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    @inline(__always)
    private func at(_ byte: UInt8) -> Bool { index < bytes.count && bytes[index] == byte }

    private mutating func skipDigits() -> Bool {
        let start = index
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        return index > start
    }
}
