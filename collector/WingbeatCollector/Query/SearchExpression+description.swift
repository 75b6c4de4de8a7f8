// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension SearchExpression: CustomStringConvertible {
    /// The expression as a text that means the same.
    public var description: String {
        switch self {
        case .all(let parts): parts.map(\.part).joined(separator: " ")
        case .any(let parts): parts.map(\.part).joined(separator: " OR ")
        case .not, .some, .condition: part
        }
    }

    /// The same with brackets where it stands beside others.
    private var part: String {
        switch self {
        case .all, .any: "(\(description))"
        case .not(let inner): "-\(inner.part)"
        case .some(let inner): "{ \(inner) }"
        case .condition(let condition): condition.description
        }
    }
}

extension SearchCondition: CustomStringConvertible {
    /// The condition as a text that means the same.
    public var description: String {
        if field == .failed, test == .equal("true") { return "error" }
        if field == .word, case .prefix(let word) = test { return Self.quoted(word, isWord: true) }
        let key = field.key
        switch test {
        case .exists: return "\(key):*"
        case .equal(let text): return "\(key):\(Self.quoted(text))"
        case .prefix(let text): return "\(key):\(Self.quoted(text))*"
        case .notEqual(let text): return "\(key)!=\(Self.quoted(text))"
        case .notPrefix(let text): return "\(key)!=\(Self.quoted(text))*"
        case .number(let comparison, let number):
            let isDuration = field == .duration || field == .traceDuration
            return key + comparison.rawValue + (isDuration ? Self.duration(number) : "\(number)")
        }
    }

    /// A key of an attribute, in quotes where it could be taken for something else.
    package static func quotedKey(_ key: String) -> String { SearchField.attribute(key).key }

    private static func duration(_ nanoseconds: Double) -> String {
        UInt64(exactly: nanoseconds).map { "\($0)ns" } ?? "\(nanoseconds)ns"
    }

    /// In quotes, unless nothing in the text could be taken for something else.
    package static func quoted(_ text: String, isWord: Bool = false) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "/._-".utf8.contains(byte)
        }
        let hasMeaning =
            isWord && (["error", "or", "and", "not"].contains(text) || [16, 32].contains(text.utf8.count))
        if isPlain, !hasMeaning, !text.isEmpty, text.utf8.first != UInt8(ascii: "-") { return text }
        let escaped = text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
        return "\"\(String(escaped))\""
    }
}

extension SearchField {
    /// The key in a search.
    fileprivate var key: String {
        if case .attribute(let key) = self {
            let quoted = SearchCondition.quoted(key)
            return key == "has" || Self(key: key) != self ? "\"\(key)\"" : quoted
        }
        return Self.keys.first { $0.field == self }?.key ?? ""
    }
}
