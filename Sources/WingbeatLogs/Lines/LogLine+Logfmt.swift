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
        if text.isPlain, !text.isNull { append(text) } else { append(special: text) }
    }

    /// Appends a byte, the name of a pair without what names must not have, and `=`.
    @inline(__always)
    mutating func append(logfmtKey key: UnsafeBufferPointer<UInt8>, after first: UInt8) {
        guard key.isPlain, !key.isEmpty else { return append(cleaned: key, after: first) }
        append(atMost: key.count + 2) { place in
            place[0] = first
            key.copy(to: place + 1)
            place[key.count + 1] = UInt8(ascii: "=")
            return key.count + 2
        }
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
        text.forEachEight { bytes in
            escapes |= bytes.has(UInt8(ascii: "\"")) | bytes.has(UInt8(ascii: "\\")) | bytes.hasLess(than: 0x20)
            escapes |= bytes.hasDeleteOrNonASCII
        }
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

    @inline(never)
    private mutating func append(cleaned key: UnsafeBufferPointer<UInt8>, after first: UInt8) {
        append(first)
        let start = count
        var index = 0
        while index < key.count {
            let unit = TextUnit(in: key, at: index)
            let isLeftOut = unit.isControl || [0x20, equals, quote, 0xFFFD].contains(unit.scalar)
            if !isLeftOut { append(UnsafeBufferPointer(rebasing: key[index..<(index + unit.length)])) }
            index += unit.length
        }
        append(count == start ? "_=" : "=")
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

extension UnsafeBufferPointer<UInt8> {
    /// Whether nothing in the text needs a second look: no controls, no space, none of `!"=`, only ASCII.
    @inline(__always)
    fileprivate var isPlain: Bool {
        var special: UInt64 = 0
        forEachEight { bytes in
            special |= bytes.hasLess(than: 0x23) | bytes.has(UInt8(ascii: "=")) | bytes.hasDeleteOrNonASCII
        }
        return special == 0
    }

    /// Whether the text is the word that stands for nothing.
    @inline(__always)
    fileprivate var isNull: Bool {
        guard count == 4, let baseAddress else { return false }
        let word = UnsafeRawPointer(baseAddress).loadUnaligned(as: UInt32.self)
        return UInt32(littleEndian: word) == 0x6C6C_756E
    }
}
