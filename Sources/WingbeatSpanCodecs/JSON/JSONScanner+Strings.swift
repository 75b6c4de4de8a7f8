// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

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
