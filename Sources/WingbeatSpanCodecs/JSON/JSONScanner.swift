// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Reads JSON (RFC 8259) from bytes, value by value, without building a tree.
///
/// Strict: no comments, no trailing commas, no leading zeros. Nesting is limited in ``skipValue(depth:)``, so that
/// hostile input cannot exhaust the stack. Bytes that are not UTF-8 become U+FFFD.
struct JSONScanner {
    /// How deep a value that is skipped may be nested.
    static let depthLimit = 64

    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// What is wrong here, in the reader's words.
    func malformed(_ expected: String) -> SpanDecodingError {
        let found =
            index < bytes.count
            ? "found \(String(reflecting: String(decoding: bytes[index..<index + 1], as: UTF8.self)))"
            : "the input ends"
        return SpanDecodingError("Malformed: expected \(expected) at byte \(index), but \(found)")
    }

    /// The next byte that is not white space; nil at the end.
    mutating func peek() -> UInt8? {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            case let byte: return byte
            }
        }
        return nil
    }

    /// Steps over a punctuation mark if it comes next.
    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard let byte = peek(), byte == UInt8(ascii: mark) else { return false }
        index += 1
        return true
    }

    /// Steps over a punctuation mark that must come next.
    mutating func expect(_ mark: Unicode.Scalar) throws(SpanDecodingError) {
        guard skip(mark) else { throw malformed("'\(mark)'") }
    }

    /// Fails when something follows the value.
    mutating func expectEnd() throws(SpanDecodingError) {
        guard peek() == nil else { throw malformed("the end of the input") }
    }

    /// Calls the body with the position of each element of an array.
    mutating func array(
        _ element: (inout JSONScanner, Int) throws(SpanDecodingError) -> Void
    ) throws(SpanDecodingError) {
        try expect("[")
        if skip("]") { return }
        var position = 0
        repeat {
            try element(&self, position)
            position += 1
        } while skip(",")
        try expect("]")
    }

    /// Calls the body with each key of an object; the body must read the value.
    mutating func object(
        _ member: (inout JSONScanner, String) throws(SpanDecodingError) -> Void
    ) throws(SpanDecodingError) {
        try expect("{")
        if skip("}") { return }
        repeat {
            guard peek() == UInt8(ascii: "\"") else { throw malformed("a key") }
            let key = try string()
            try expect(":")
            try member(&self, key)
        } while skip(",")
        try expect("}")
    }

    /// Steps over `null` if it comes next.
    mutating func skipNull() throws(SpanDecodingError) -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        try word("null")
        return true
    }

    /// Reads `true` or `false`.
    mutating func boolean() throws(SpanDecodingError) -> Bool {
        switch peek() {
        case UInt8(ascii: "t"):
            try word("true")
            return true
        case UInt8(ascii: "f"):
            try word("false")
            return false
        default: throw malformed("true or false")
        }
    }

    /// Steps over any value.
    mutating func skipValue(depth: Int = 0) throws(SpanDecodingError) {
        guard depth < Self.depthLimit else { throw malformed("at most \(Self.depthLimit) levels of nesting") }
        switch peek() {
        case UInt8(ascii: "{"):
            try object { scanner, _ throws(SpanDecodingError) in try scanner.skipValue(depth: depth + 1) }
        case UInt8(ascii: "["):
            try array { scanner, _ throws(SpanDecodingError) in try scanner.skipValue(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
        case UInt8(ascii: "n"): _ = try skipNull()
        default: _ = try numberText()
        }
    }

    private mutating func word(_ text: StaticString) throws(SpanDecodingError) {
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[index...].starts(with: expected) else { throw malformed("\(text)") }
        index += expected.count
    }
}

// MARK: - Numbers

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

    private mutating func numberText() throws(SpanDecodingError) -> String {
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

// MARK: - Strings

extension JSONScanner {
    /// Reads a string.
    mutating func string() throws(SpanDecodingError) -> String {
        try expect("\"")
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: bytes[start..<index - 1], as: UTF8.self)
            case UInt8(ascii: "\\"):
                return try stringWithEscapes(from: start)
            case 0..<0x20:
                throw malformed("no bare control character inside a string")
            default:
                index += 1
            }
        }
        throw malformed("the end of a string")
    }

    private mutating func stringWithEscapes(from start: Int) throws(SpanDecodingError) -> String {
        var text = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x20 { throw malformed("no bare control character inside a string") }
            index += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") {
                try appendEscape(to: &text)
            } else {
                text.append(byte)
            }
        }
        throw malformed("the end of a string")
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(SpanDecodingError) {
        guard index < bytes.count else { throw malformed("an escape") }
        let escape = bytes[index]
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            index += 1
            text.append(contentsOf: Array(String(try escapedScalar()).utf8))
            return
        default: throw malformed("an escape")
        }
        index += 1
    }

    /// The scalar of `\uXXXX`, or of two of them that are a surrogate pair; a lone surrogate is U+FFFD.
    private mutating func escapedScalar() throws(SpanDecodingError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        guard 0xD800..<0xDC00 ~= first, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        let mark = index
        index += 2
        let second = try fourHexDigits()
        guard 0xDC00..<0xE000 ~= second else {
            index = mark
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func fourHexDigits() throws(SpanDecodingError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
                throw malformed("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }
}
