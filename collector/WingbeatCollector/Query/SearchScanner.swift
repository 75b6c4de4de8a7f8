// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Reads the pieces of which a search is made: words, texts in quotes, comparisons and brackets.
struct SearchScanner {
    /// A piece of text.
    struct Text {
        var text: String
        /// True when it stood in quotes, where nothing has a special meaning.
        var isQuoted = false
        /// True when a `*` followed.
        var isPrefix = false
        /// Where it began.
        let start: Int
    }

    let bytes: [UInt8]
    var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpaces() {
        while let byte = next, Self.isSpace(byte) { position += 1 }
    }

    /// Takes a mark if it comes next.
    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: mark) else { return false }
        position += 1
        return true
    }

    /// Takes a word that stands alone and is no key, whatever its case.
    mutating func take(keyword: String) -> Bool {
        var ahead = self
        let word = ahead.word(Self.endsKey)
        guard word.lowercased() == keyword else { return false }
        ahead.skipSpaces()
        guard ahead.comparison() == nil else { return false }
        position += word.utf8.count
        return true
    }

    /// What stands before an operator, or alone; empty where nothing does.
    mutating func key() throws(SearchMistake) -> Text {
        try text(Self.endsKey)
    }

    /// What stands behind an operator; empty where nothing does.
    mutating func value() throws(SearchMistake) -> Text {
        try text(Self.endsValue)
    }

    /// The operator that comes next.
    mutating func comparison() -> SearchComparison? {
        if take(":") { return .equal }
        // The longer one of two that begin alike goes first.
        let found = [SearchComparison.notEqual, .lessOrEqual, .greaterOrEqual, .equal, .less, .greater].first {
            bytes[position...].starts(with: $0.rawValue.utf8)
        }
        position += found?.rawValue.utf8.count ?? 0
        return found
    }

    /// A mistake at a byte.
    func mistake(_ message: String, at offset: Int) -> SearchMistake {
        SearchMistake(message, at: utf16(offset))
    }

    /// How many UTF-16 units stand before a byte.
    func utf16(_ offset: Int) -> Int {
        String(decoding: bytes[..<min(offset, bytes.count)], as: UTF8.self).utf16.count
    }

    /// What comes next, for a sentence.
    var found: String {
        var ahead = self
        ahead.skipSpaces()
        guard let byte = ahead.next else { return "the end" }
        let word = ahead.word(Self.endsValue)
        return "'\(word.isEmpty ? String(UnicodeScalar(byte)) : String(word.prefix(40)))'"
    }

    private mutating func text(_ ends: (SearchScanner) -> Bool) throws(SearchMistake) -> Text {
        var text = Text(text: "", start: position)
        if take("\"") {
            text.text = try quoted()
            text.isQuoted = true
            text.isPrefix = take("*")
        } else {
            text.text = word(ends)
            text.isPrefix = text.text.last == "*"
            if text.isPrefix { text.text.removeLast() }
        }
        return text
    }

    /// The bytes up to one that ends a word.
    private mutating func word(_ ends: (SearchScanner) -> Bool) -> String {
        let start = position
        while position < bytes.count, !ends(self) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// What follows an opening quote, up to the closing one.
    private mutating func quoted() throws(SearchMistake) -> String {
        let start = position - 1
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard let escaped = next, Self.escapable.contains(escaped) else {
                throw mistake(#"expected \" or \\ here"#, at: position - 1)
            }
            text.append(escaped)
            position += 1
        }
        throw mistake("this quote is not closed", at: start)
    }

    private static let escapable = Array(#""\"#.utf8)

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func endsValue(_ scanner: SearchScanner) -> Bool {
        guard let byte = scanner.next else { return true }
        return isSpace(byte) || [0x22, 0x28, 0x29, 0x7B, 0x7D].contains(byte)  // " ( ) { }
    }

    private static func endsKey(_ scanner: SearchScanner) -> Bool {
        guard let byte = scanner.next, !endsValue(scanner) else { return true }
        let isNotEqual = byte == UInt8(ascii: "!") && scanner.bytes[scanner.position...].starts(with: "!=".utf8)
        return isNotEqual || [0x3A, 0x3C, 0x3D, 0x3E].contains(byte)  // : < = >
    }
}
