// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension JSONScanner {
    /// Reads a whole number that fits 64 bits, also where it is written as text or with an empty fraction.
    mutating func integer() throws(SpanDecodingError) -> Int64 {
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

    private func at(_ byte: UInt8) -> Bool { index < bytes.count && bytes[index] == byte }

    private mutating func skipDigits() -> Bool {
        let start = index
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        return index > start
    }
}
