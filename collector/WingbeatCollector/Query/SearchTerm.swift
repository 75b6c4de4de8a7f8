// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// A key, an operator and a value, and what they mean together.
struct SearchTerm {
    /// What is wrong with the value.
    struct Senseless: Error {
        let message: String
    }

    let key: String
    let comparison: SearchComparison
    let value: SearchScanner.Text
    private let field: SearchField
    private let asksForKey: Bool

    init(key: String, isQuoted: Bool, _ comparison: SearchComparison, _ value: SearchScanner.Text) {
        self.key = key
        self.comparison = comparison
        self.value = value
        field = isQuoted ? .attribute(key) : SearchField(key: key)
        asksForKey = !isQuoted && key == "has"
    }

    var condition: SearchCondition {
        get throws(Senseless) {
            if asksForKey { return try SearchCondition(has(), .exists) }
            if value.isPrefix, value.text.isEmpty {
                guard comparison == .equal else {
                    throw Senseless(message: "expected a value; -has:\(key) finds what has none")
                }
                return SearchCondition(field, .exists)
            }
            switch field {
            case .duration, .traceDuration: return SearchCondition(field, .number(comparison, try nanoseconds()))
            case .traceSpans, .traceErrors: return SearchCondition(field, .number(comparison, try number()))
            case .failed where value.text != "true" && value.text != "false":
                return SearchCondition(.attribute(key), try test())
            default: return SearchCondition(field, try test())
            }
        }
    }

    private func has() throws(Senseless) -> SearchField {
        guard comparison == .equal else { throw Senseless(message: "expected has: and a key") }
        let name = value.isPrefix ? value.text + "*" : value.text
        return value.isQuoted ? .attribute(name) : SearchField(key: name)
    }

    private func test() throws(Senseless) -> SearchTest {
        switch comparison {
        case .equal: return value.isPrefix ? .prefix(try text()) : .equal(try text())
        case .notEqual: return value.isPrefix ? .notPrefix(try text()) : .notEqual(try text())
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard case .attribute = field else {
                throw Senseless(message: "\(key) is a text, which can be compared with : = and != only")
            }
            return .number(comparison, try number())
        }
    }

    /// The value as the field has it.
    private func text() throws(Senseless) -> String {
        let folded = value.text.lowercased()
        switch field {
        case .kind: return try expect(SearchField.kinds.map(\.name), folded)
        case .status: return try expect(["ok", "error", "unset"], folded)
        case .traceID: return try hexadecimal(folded, TraceID(hex: folded)?.hex)
        case .spanID: return try hexadecimal(folded, SpanID(hex: folded)?.hex)
        default: return field.isFolded ? folded : value.text
        }
    }

    private func expect(_ words: [String], _ word: String) throws(Senseless) -> String {
        guard words.contains(where: { value.isPrefix ? $0.hasPrefix(word) : $0 == word }) else {
            throw Senseless(message: "expected one of \(words.joined(separator: ", ")), found '\(shown)'")
        }
        return word
    }

    private func hexadecimal(_ digits: String, _ id: String?) throws(Senseless) -> String {
        if value.isPrefix, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) {
            return digits
        }
        guard !value.isPrefix, let id else {
            throw Senseless(message: "expected an id in hexadecimal digits, found '\(shown)'")
        }
        return id
    }

    private func nanoseconds() throws(Senseless) -> Double {
        guard !value.isPrefix, let duration = TimeText.nanoseconds(value.text) else {
            throw Senseless(message: "expected a duration such as 200ms or 1.5s, found '\(shown)'")
        }
        return Double(duration)
    }

    private func number() throws(Senseless) -> Double {
        guard !value.isPrefix, let number = Double(value.text), number.isFinite else {
            throw Senseless(message: "expected a number, found '\(shown)'")
        }
        return number
    }

    private var shown: String { String(value.text.prefix(40)) + (value.isPrefix ? "*" : "") }
}

extension SearchField {
    /// The keys that are no attributes, in the order in which they are proposed.
    static let keys: [(key: String, field: SearchField)] = [
        ("service", .service), ("name", .name), ("duration", .duration), ("status", .status), ("kind", .kind),
        ("remote", .remote), ("event", .event), ("root.service", .rootService), ("root.name", .rootName),
        ("trace.duration", .traceDuration), ("trace.spans", .traceSpans), ("trace.errors", .traceErrors),
        ("trace", .traceID), ("id", .spanID), ("error", .failed), ("service.name", .service),
    ]

    static let kinds: [(name: String, kind: SpanRecord.Kind?)] = [
        ("client", .client), ("server", .server), ("producer", .producer), ("consumer", .consumer),
        ("internal", .internal), ("unspecified", nil),
    ]

    /// The field of a key without quotes.
    init(key: String) {
        self = Self.keys.first { $0.key == key }?.field ?? .attribute(key)
    }
}

extension SearchCondition {
    /// A word that stands alone.
    init(word: SearchScanner.Text) {
        let digits = word.text.utf8.count
        let isPlain = !word.isQuoted && !word.isPrefix
        if isPlain, word.text.lowercased() == "error" {
            self.init(.failed, .equal("true"))
        } else if isPlain, digits == 16 || digits == 32, let id = TraceID(hex: word.text) {
            self.init(.traceID, .equal(id.hex))
        } else {
            self.init(.word, .prefix(word.text.lowercased()))
        }
    }
}
