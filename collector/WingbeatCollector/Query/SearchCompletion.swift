// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What is being written at a place of a search that is not whole yet.
package struct SearchCompletion: Equatable {
    /// What may stand there.
    package enum Subject: Equatable {
        /// A key, or a word that stands alone.
        case term
        /// A value of the key.
        case value(key: String)
    }

    /// What may stand there.
    package let subject: Subject
    /// What is written of it already, in front of the place, without quotes.
    package let written: String
    /// The UTF-16 units of the text that a choice takes the place of.
    package let range: Range<Int>
    /// The service that another part of the search names.
    package private(set) var service: String?

    /// Never fails: what makes no sense is passed over.
    ///
    /// - Parameter position: UTF-16 units from the start; nil for the end.
    package init(_ text: String, at position: Int?) {
        let scanner = SearchScanner(String(decoding: text.utf8.prefix(SearchParser.maximumBytes), as: UTF8.self))
        let tokens = Self.tokens(scanner)
        let place = Self.offset(position, in: text, atMost: scanner.bytes.count)
        let token = tokens.last { $0.range.lowerBound <= place && place <= $0.range.upperBound }
        let range = token?.range ?? place..<place
        subject = token?.key.map { .value(key: $0) } ?? .term
        let start = min(range.lowerBound + (token?.isQuoted == true ? 1 : 0), place)
        written = String(decoding: scanner.bytes[start..<place], as: UTF8.self)
        self.range = scanner.utf16(range.lowerBound)..<scanner.utf16(range.upperBound)
        service = tokens.first { $0.key == "service" && $0 != token && !$0.text.isEmpty }?.text
    }

    /// A word or a text in quotes.
    private struct Token: Equatable {
        let range: Range<Int>
        let text: String
        let isQuoted: Bool
        /// The key before it.
        let key: String?
    }

    private static func tokens(_ scanner: SearchScanner) -> [Token] {
        var scanner = scanner
        var tokens: [Token] = []
        var key: String?
        while true {
            scanner.skipSpaces()
            if key == nil { while scanner.take("-") {} }
            guard scanner.next != nil || key != nil else { return tokens }
            let token = token(&scanner, after: key)
            tokens.append(token)
            var ahead = scanner
            ahead.skipSpaces()
            let hasOperator = key == nil && !token.text.isEmpty && ahead.comparison() != nil
            key = hasOperator ? token.text : nil
            if hasOperator {
                scanner = ahead
            } else if token.range.isEmpty, scanner.next != nil {
                scanner.position += 1
            }
        }
    }

    /// What comes next; nothing at a bracket and the like.
    private static func token(_ scanner: inout SearchScanner, after key: String?) -> Token {
        let start = scanner.position
        let isQuoted = scanner.next == UInt8(ascii: "\"")
        guard let text = try? key == nil ? scanner.key() : scanner.value() else {
            // A quote that is still open goes to the end.
            scanner.position = scanner.bytes.count
            let rest = String(decoding: scanner.bytes[min(start + 1, scanner.position)...], as: UTF8.self)
            return Token(range: start..<scanner.position, text: rest, isQuoted: true, key: key)
        }
        return Token(range: start..<scanner.position, text: text.text, isQuoted: isQuoted, key: key)
    }

    private static func offset(_ position: Int?, in text: String, atMost most: Int) -> Int {
        guard let position else { return most }
        let units = text.utf16.prefix(max(position, 0))
        return min(String(decoding: Array(units), as: UTF16.self).utf8.count, most)
    }
}
