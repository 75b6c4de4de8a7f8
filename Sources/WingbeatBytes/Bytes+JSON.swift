// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends a JSON string, quotes included (RFC 8259, section 7).
    ///
    /// Control characters, the quote and the backslash are escaped, and U+2028 and U+2029 too, so that the text is
    /// also a JavaScript string. Nothing is escaped for HTML: `<`, `>` and `&` stay.
    package mutating func append(jsonString text: String) {
        append(UInt8(ascii: "\""))
        append(jsonEscaped: text)
        append(UInt8(ascii: "\""))
    }

    /// Appends the inside of a JSON string, without its quotes.
    package mutating func append(jsonEscaped text: String) {
        var text = text
        text.withUTF8 { utf8 in
            var clean = 0
            var index = endOfPlain(utf8, from: 0)
            while index < utf8.count {
                let length = lengthToEscape(utf8, at: index)
                if let length {
                    append(contentsOf: UnsafeBufferPointer(rebasing: utf8[clean..<index]))
                    appendEscape(utf8, at: index)
                    clean = index + length
                }
                index = endOfPlain(utf8, from: index + (length ?? 1))
            }
            append(contentsOf: UnsafeBufferPointer(rebasing: utf8[clean...]))
        }
    }

    /// Where the bytes end that stand for themselves and are seen to at eight a time; the end of a text may be left over.
    private func endOfPlain(_ utf8: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard let base = utf8.baseAddress else { return 0 }
        var index = start
        while index + 8 <= utf8.count {
            let eight = EightBytes(base + index)
            let plain = Swift.min(eight.plainPrefix, eight.prefix(upTo: 0xE2))
            index += plain
            if plain < 8 { return index }
        }
        return index
    }

    /// How many bytes at `index` need an escape; nil where the byte stands for itself.
    private func lengthToEscape(_ utf8: UnsafeBufferPointer<UInt8>, at index: Int) -> Int? {
        switch utf8[index] {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"): 1
        case 0xE2 where index + 2 < utf8.count && utf8[index + 1] == 0x80 && utf8[index + 2] & 0xFE == 0xA8: 3
        default: nil
        }
    }

    private mutating func appendEscape(_ utf8: UnsafeBufferPointer<UInt8>, at index: Int) {
        append(UInt8(ascii: "\\"))
        switch utf8[index] {
        case UInt8(ascii: "\""): append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): append(UInt8(ascii: "\\"))
        case UInt8(ascii: "\n"): append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): append(UInt8(ascii: "t"))
        case 0xE2: append(literal: utf8[index + 2] == 0xA8 ? "u2028" : "u2029")
        case let control:
            append(literal: "u00")
            append(control >> 4 == 0 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            append(Array("0123456789abcdef".utf8)[Int(control & 0xF)])
        }
    }
}
