// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Reads searches, by recursive descent: `OR` binds less than terms beside each other, which bind less than `NOT`.
public struct SearchParser {
    /// How long a search may be.
    public static let maximumBytes = 8192
    /// How many terms it may have.
    public static let maximumTerms = 200
    /// How deep its brackets and negations may be nested.
    public static let maximumDepth = 50

    var scanner: SearchScanner
    private var terms = 0

    init(_ text: String) {
        scanner = SearchScanner(text)
    }

    /// All of the text.
    mutating func expression() throws(SearchMistake) -> SearchExpression {
        guard scanner.bytes.count <= Self.maximumBytes else {
            throw SearchMistake("a search may have \(Self.maximumBytes) bytes", at: 0)
        }
        scanner.skipSpaces()
        if scanner.next == nil { return .everything }
        let expression = try alternatives(0)
        guard scanner.next == nil else {
            throw mistake("nothing was opened that \(scanner.found) could close")
        }
        return expression
    }

    private mutating func alternatives(_ depth: Int) throws(SearchMistake) -> SearchExpression {
        var parts = [try conjunction(depth)]
        while scanner.take(keyword: "or") { parts.append(try conjunction(depth)) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    /// Ends in front of an `OR`, a closing bracket or the end, spaces skipped.
    private mutating func conjunction(_ depth: Int) throws(SearchMistake) -> SearchExpression {
        var parts: [SearchExpression] = []
        repeat {
            scanner.skipSpaces()
            parts.append(try part(depth))
            scanner.skipSpaces()
        } while scanner.take(keyword: "and") || !isAtEndOfConjunction
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private var isAtEndOfConjunction: Bool {
        guard let next = scanner.next, next != UInt8(ascii: ")"), next != UInt8(ascii: "}") else { return true }
        var ahead = scanner
        return ahead.take(keyword: "or")
    }

    private mutating func part(_ depth: Int) throws(SearchMistake) -> SearchExpression {
        guard depth < Self.maximumDepth else {
            throw mistake("brackets and negations may be nested \(Self.maximumDepth) deep")
        }
        if scanner.take("-") || scanner.take(keyword: "not") {
            scanner.skipSpaces()
            return .not(try part(depth + 1))
        }
        let start = scanner.position
        var ahead = scanner
        guard !ahead.take(keyword: "or"), !ahead.take(keyword: "and") else { throw missingTerm }
        if scanner.take("(") { return try closed(")", from: start, try alternatives(depth + 1)) }
        if scanner.take("{") { return .some(try closed("}", from: start, try alternatives(depth + 1))) }
        return .condition(try term())
    }

    private mutating func closed(
        _ mark: Unicode.Scalar,
        from start: Int,
        _ expression: SearchExpression
    ) throws(SearchMistake) -> SearchExpression {
        guard scanner.take(mark) else {
            let message = "expected \(mark) for the bracket here, found \(scanner.found)"
            throw scanner.mistake(message, at: start)
        }
        return expression
    }

    private mutating func term() throws(SearchMistake) -> SearchCondition {
        let key = try scanner.key()
        terms += 1
        guard terms <= Self.maximumTerms else {
            throw scanner.mistake("a search may have \(Self.maximumTerms) terms", at: key.start)
        }
        let end = scanner.position
        scanner.skipSpaces()
        if let comparison = scanner.comparison() {
            guard !key.text.isEmpty else {
                throw scanner.mistake("expected a key before the \(comparison.rawValue)", at: key.start)
            }
            return try condition(key, comparison)
        }
        scanner.position = end
        guard !key.text.isEmpty else {
            scanner.position = key.start
            throw missingTerm
        }
        return SearchCondition(word: key)
    }

    private mutating func condition(
        _ key: SearchScanner.Text,
        _ comparison: SearchComparison
    ) throws(SearchMistake) -> SearchCondition {
        let name = key.isPrefix ? key.text + "*" : key.text
        scanner.skipSpaces()
        let value = try scanner.value()
        guard value.isQuoted || value.isPrefix || !value.text.isEmpty else {
            throw scanner.mistake("expected a value for \(name.prefix(40)), found \(scanner.found)", at: value.start)
        }
        do {
            return try SearchTerm(key: name, isQuoted: key.isQuoted, comparison, value).condition
        } catch {
            throw scanner.mistake(error.message, at: value.start)
        }
    }

    private var missingTerm: SearchMistake {
        mistake("expected a term such as service:cart, found \(scanner.found)")
    }

    private func mistake(_ message: String) -> SearchMistake {
        scanner.mistake(message, at: scanner.position)
    }
}
