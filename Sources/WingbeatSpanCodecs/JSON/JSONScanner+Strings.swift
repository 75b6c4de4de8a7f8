// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

extension JSONScanner {
    /// Reads a string.
    mutating func string() throws(SpanDecodingError) -> String {
        try text().string
    }

    /// Steps over a string and returns what stands in it, as it is written.
    @inline(__always)
    mutating func text() throws(SpanDecodingError) -> JSONText {
        try expect("\"")
        let start = index
        skipPlain()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return try textWithEscapes(from: start) }
        index += 1
        return JSONText(bytes: UnsafeBufferPointer(rebasing: bytes[start..<index - 1]), hasEscapes: false)
    }

    /// Steps over bytes that stand for themselves, up to a quote, a backslash or a control character.
    @inline(__always)
    private mutating func skipPlain() {
        guard let base = bytes.baseAddress else { return }
        while index &+ 8 <= bytes.count {
            let plain = EightBytes(base + index).plainPrefix
            index &+= plain
            if plain < 8 { return }
        }
        while index < bytes.count, bytes[index] >= 0x20, bytes[index] != UInt8(ascii: "\""),
            bytes[index] != UInt8(ascii: "\\")
        { index &+= 1 }
    }

    private mutating func textWithEscapes(from start: Int) throws(SpanDecodingError) -> JSONText {
        var hasEscapes = false
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return JSONText(bytes: UnsafeBufferPointer(rebasing: bytes[start..<index - 1]), hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                index += 1
                hasEscapes = true
                _ = try escapedScalar()
            default:
                throw malformed("no bare control character inside a string")
            }
            skipPlain()
        }
        throw malformed("the end of a string")
    }

    /// What a text with well-formed escapes means.
    static func unescaped(_ raw: UnsafeBufferPointer<UInt8>) -> String {
        var scanner = JSONScanner(raw)
        var text: [UInt8] = []
        text.reserveCapacity(raw.count)
        while scanner.index < raw.count {
            let start = scanner.index
            scanner.skipPlain()
            text.append(contentsOf: raw[start..<scanner.index])
            guard scanner.index < raw.count else { break }
            scanner.index += 1
            guard let scalar = try? scanner.escapedScalar() else { break }
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads an escape after its backslash.
    private mutating func escapedScalar() throws(SpanDecodingError) -> Unicode.Scalar {
        guard index < bytes.count else { throw malformed("an escape") }
        let scalar: Unicode.Scalar
        switch bytes[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scalar = Unicode.Scalar(bytes[index])
        case UInt8(ascii: "b"): scalar = "\u{08}"
        case UInt8(ascii: "f"): scalar = "\u{0C}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"):
            index += 1
            return try hexadecimalScalar()
        default: throw malformed("an escape")
        }
        index += 1
        return scalar
    }

    /// The scalar of `\uXXXX`, or of two of them that are a surrogate pair; a lone surrogate is U+FFFD.
    private mutating func hexadecimalScalar() throws(SpanDecodingError) -> Unicode.Scalar {
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
