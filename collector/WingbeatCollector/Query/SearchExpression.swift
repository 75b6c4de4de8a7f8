// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What a search wants of a trace, in the language of docs/guides/search.md.
///
/// A trace is found when one of its spans meets the expression. What is negated, and what stands in braces, is asked of
/// all spans of the trace instead of that one.
public indirect enum SearchExpression: Hashable, Sendable {
    /// All of them: terms beside each other. An empty list is met by every span.
    case all([SearchExpression])
    /// One of them at least.
    case any([SearchExpression])
    /// No span of the trace meets it.
    case not(SearchExpression)
    /// Some span of the trace meets it, which may be another than the one that meets the rest: braces.
    case some(SearchExpression)
    /// One condition.
    case condition(SearchCondition)

    /// What every trace meets: the empty text.
    public static let everything = SearchExpression.all([])

    /// Reads a text of at most ``SearchParser/maximumBytes`` bytes.
    ///
    /// - Throws: ``SearchMistake``: where the text makes no sense, and what was expected there.
    public init(_ text: String) throws(SearchMistake) {
        var parser = SearchParser(text)
        self = try parser.expression()
    }
}

/// Where a search makes no sense, and why.
public struct SearchMistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and what was expected, in one sentence.
    public let message: String
    /// How many UTF-16 units of the text stand before the place: what JavaScript counts.
    public let position: Int

    /// A mistake.
    public init(_ message: String, at position: Int) {
        self.message = message
        self.position = position
    }

    /// The sentence and the place, for a person; the first character is 1.
    public var description: String { "\(message) (at character \(position + 1))" }
}
