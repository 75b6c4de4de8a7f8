// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What a text needs before it may stand in a line.
private enum Need {
    case nothing, quotes, escapes
}

extension LogLine {
    /// Appends a text as the value of a pair, quoted and escaped where it has to be.
    @inline(__always)
    mutating func append(logfmtValue text: UnsafeBufferPointer<UInt8>) {
        if text.isNull || !append(text, unless: \.logfmtSpecial) { append(special: text) }
    }

    /// Appends a text that most likely has spaces, as messages do, and is taken to need quotes and nothing else until
    /// the contrary is seen.
    @inline(never)
    mutating func append(logfmtMessage text: String) {
        text.withBytes { text in
            let start = count
            var spaces: UInt64 = 0
            append(UInt8(ascii: "\""))
            let isSimple = append(
                text,
                unless: { bytes in
                    spaces |= bytes.has(UInt8(ascii: " "))
                    return bytes.logfmtEscape
                }
            )
            if isSimple, spaces != 0 { return append(UInt8(ascii: "\"")) }
            remove(start..<count)
            append(logfmtValue: text)
        }
    }

    /// Appends a byte, the name of a pair without what names must not have, and `=`. Nothing is appended to a name that
    /// must be cleaned first.
    @inline(__always)
    mutating func append(_ first: UInt8, logfmtKey key: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !key.isEmpty else { return false }
        let start = count
        append(first)
        guard append(key, unless: \.logfmtSpecial) else {
            remove(start..<count)
            return false
        }
        append(UInt8(ascii: "="))
        return true
    }

    @inline(never)
    private mutating func append(special text: UnsafeBufferPointer<UInt8>) {
        switch need(of: text) {
        case .nothing: append(text)
        case .quotes: append(quoted: text)
        case .escapes: append(escaped: text)
        }
    }

    private func need(of text: UnsafeBufferPointer<UInt8>) -> Need {
        var escapes: UInt64 = 0
        text.forEachEight { escapes |= $0.logfmtEscape }
        return escapes == 0 && text.contains(UInt8(ascii: " ")) ? .quotes : unusualNeed(of: text)
    }

    @inline(never)
    private func unusualNeed(of text: UnsafeBufferPointer<UInt8>) -> Need {
        if text.isNull { return .quotes }
        var isQuoted = false
        var hasBackslash = false
        var index = 0
        while index < text.count {
            let unit = TextUnit(in: text, at: index)
            if unit.isControl || unit.scalar == 0xFFFD || unit.scalar == quote { return .escapes }
            isQuoted = isQuoted || unit.scalar == 0x20 || unit.scalar == equals
            hasBackslash = hasBackslash || unit.scalar == backslash
            index += unit.length
        }
        return !isQuoted ? .nothing : hasBackslash ? .escapes : .quotes
    }

    @inline(__always)
    private mutating func append(quoted text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        append(text)
        append(UInt8(ascii: "\""))
    }

    @inline(never)
    private mutating func append(escaped text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        var index = 0
        while index < text.count {
            let unit = TextUnit(in: text, at: index)
            if unit.scalar == 0xFFFD {
                append("\\ufffd")
            } else if unit.isControl || unit.scalar == quote || unit.scalar == backslash {
                append(escape: unit.scalar)
            } else {
                append(UnsafeBufferPointer(rebasing: text[index..<(index + unit.length)]))
            }
            index += unit.length
        }
        append(UInt8(ascii: "\""))
    }

    /// Appends a text for people to read: as it is, but for control characters, which are escaped.
    mutating func append(shown text: String) {
        text.withBytes { text in
            var index = 0
            while index < text.count {
                let unit = TextUnit(in: text, at: index)
                if unit.isControl {
                    append(escape: unit.scalar)
                } else {
                    append(UnsafeBufferPointer(rebasing: text[index..<(index + unit.length)]))
                }
                index += unit.length
            }
        }
    }

    /// Appends a backslash and what JSON, Go and logfmt write behind it for a character.
    mutating func append(escape scalar: UInt32) {
        switch scalar {
        case quote: append("\\\"")
        case backslash: append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        default:
            append("\\u")
            for shift in [12, 8, 4, 0] as [UInt32] {
                let digit = UInt8(truncatingIfNeeded: scalar >> shift) & 0xF
                append(digit &+ (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
            }
        }
    }
}

private let quote = UInt32(UInt8(ascii: "\""))
private let backslash = UInt32(UInt8(ascii: "\\"))
private let equals = UInt32(UInt8(ascii: "="))

extension EightBytes {
    /// What may have to be escaped inside of quotes.
    fileprivate var logfmtEscape: UInt64 {
        @inline(__always) get {
            has(UInt8(ascii: "\"")) | has(UInt8(ascii: "\\")) | hasLess(than: 0x20) | hasDeleteOrNonASCII
        }
    }

    /// What needs a second look: controls, a space, one of `!"=`, and what is not ASCII.
    fileprivate var logfmtSpecial: UInt64 {
        @inline(__always) get { hasLess(than: 0x23) | has(UInt8(ascii: "=")) | hasDeleteOrNonASCII }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The name of a pair without what names must not have; `_` when nothing remains.
    var cleanedKey: [UInt8] {
        var cleaned: [UInt8] = []
        var index = 0
        while index < count {
            let unit = TextUnit(in: self, at: index)
            let isLeftOut = unit.isControl || [0x20, equals, quote, 0xFFFD].contains(unit.scalar)
            if !isLeftOut { cleaned += self[index..<(index + unit.length)] }
            index += unit.length
        }
        return cleaned.isEmpty ? [UInt8(ascii: "_")] : cleaned
    }

    /// Whether the text is the word that stands for nothing.
    @inline(__always)
    fileprivate var isNull: Bool {
        guard count == 4, let baseAddress else { return false }
        let word = UnsafeRawPointer(baseAddress).loadUnaligned(as: UInt32.self)
        return UInt32(littleEndian: word) == 0x6C6C_756E
    }
}
