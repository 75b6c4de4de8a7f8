// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Any JSON value as a tree, for small documents of which little is known beforehand.
///
/// Spans are read with the scanner, which builds no tree; this is for a parameter, an answer or one trace.
package enum JSONValue: Hashable, Sendable {
    /// A name and its value.
    package struct Member: Hashable, Sendable {
        /// The name.
        package let name: String
        /// Its value.
        package let value: JSONValue
    }

    /// Nothing.
    case null
    /// True or false.
    case bool(Bool)
    /// A number, as it is written.
    case number(String)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Named values, in the order in which they came.
    case object([Member])

    /// Reads a document; not more than 64 levels deep.
    ///
    /// - Throws: where the bytes are no JSON; the error says at which byte.
    package init(_ bytes: [UInt8]) throws(SpanDecodingError) {
        self = try bytes.withUnsafeBufferPointer { buffer throws(SpanDecodingError) in
            var scanner = JSONScanner(buffer)
            let value = try scanner.value(depth: 0)
            try scanner.expectEnd()
            return value
        }
    }

    /// The value of the last member of the name, as most readers have it; nil where there is none.
    package subscript(name: String) -> JSONValue? { members.last { $0.name == name }?.value }

    /// The members of an object; none for anything else.
    package var members: [Member] {
        guard case .object(let members) = self else { return [] }
        return members
    }

    /// The elements of a list; none for anything else.
    package var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// The text; nil for anything else.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The whole number of 64 bits that a number or a text means; nil for anything else.
    package var integer: Int64? {
        switch self {
        case .number(let text), .string(let text): Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
        default: nil
        }
    }

    /// The number that a number or a text means; nil for anything else.
    package var double: Double? {
        switch self {
        case .number(let text), .string(let text): Double(text)
        default: nil
        }
    }
}

extension JSONScanner {
    fileprivate mutating func value(depth: Int) throws(SpanDecodingError) -> JSONValue {
        guard depth < Self.depthLimit else { throw malformed("at most \(Self.depthLimit) levels of nesting") }
        switch peek() {
        case UInt8(ascii: "{"):
            var members: [JSONValue.Member] = []
            try object { scanner, name throws(SpanDecodingError) in
                members.append(JSONValue.Member(name: name, value: try scanner.value(depth: depth + 1)))
            }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try array { scanner, _ throws(SpanDecodingError) in
                elements.append(try scanner.value(depth: depth + 1))
            }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try boolean())
        case UInt8(ascii: "n"):
            _ = try skipNull()
            return .null
        default: return .number(try numberText())
        }
    }
}
