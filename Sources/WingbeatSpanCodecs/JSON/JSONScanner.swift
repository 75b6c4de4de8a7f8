// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Reads JSON (RFC 8259) from bytes, value by value, without building a tree.
///
/// Made for speed: strings are looked at eight bytes at a time, and a ``JSONText`` makes no `String` of what is only
/// compared. Strict: no comments, no trailing commas, no leading zeros. Nesting is limited in ``skipValue(depth:)``, so that
/// hostile input cannot exhaust the stack. Bytes that are not UTF-8 become U+FFFD.
struct JSONScanner {
    /// How deep a value that is skipped may be nested.
    static let depthLimit = 64

    let bytes: UnsafeBufferPointer<UInt8>
    var index = 0
    private var budget = DecodingBudget(DecodingBudget.jsonMembers)

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// What is wrong here, in the reader's words.
    @inline(never)
    func malformed(_ expected: String) -> SpanDecodingError {
        let found =
            index < bytes.count
            ? "found \(String(reflecting: String(decoding: bytes[index..<index + 1], as: UTF8.self)))"
            : "the input ends"
        return SpanDecodingError("Malformed: expected \(expected) at byte \(index), but \(found)")
    }

    /// The next byte that is not white space; nil at the end.
    @inline(__always)
    mutating func peek() -> UInt8? {
        guard index < bytes.count, bytes[index] > 0x20 else { return peekBehindSpace() }
        return bytes[index]
    }

    private mutating func peekBehindSpace() -> UInt8? {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            case let byte: return byte
            }
        }
        return nil
    }

    /// Steps over a punctuation mark if it comes next.
    @inline(__always)
    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard let byte = peek(), byte == UInt8(ascii: mark) else { return false }
        index += 1
        return true
    }

    /// Steps over a punctuation mark that must come next.
    @inline(__always)
    mutating func expect(_ mark: Unicode.Scalar) throws(SpanDecodingError) {
        guard skip(mark) else { throw missing(mark) }
    }

    @inline(never)
    private func missing(_ mark: Unicode.Scalar) -> SpanDecodingError { malformed("'\(mark)'") }

    /// Fails when something follows the value.
    mutating func expectEnd() throws(SpanDecodingError) {
        guard peek() == nil else { throw malformed("the end of the input") }
    }

    /// Calls the body with the position of each element of an array.
    @inline(__always)
    mutating func array(
        _ element: (inout JSONScanner, Int) throws(SpanDecodingError) -> Void
    ) throws(SpanDecodingError) {
        try expect("[")
        if skip("]") { return }
        var position = 0
        repeat {
            try budget.take()
            try element(&self, position)
            position += 1
        } while skip(",")
        try expect("]")
    }

    /// Calls the body with each key of an object; the body must read the value.
    mutating func object(
        _ member: (inout JSONScanner, String) throws(SpanDecodingError) -> Void
    ) throws(SpanDecodingError) {
        try fields { scanner, key throws(SpanDecodingError) in try member(&scanner, key.string) }
    }

    /// As ``object(_:)``, with keys as they are written: to be compared, not kept.
    @inline(__always)
    mutating func fields(
        _ member: (inout JSONScanner, JSONText) throws(SpanDecodingError) -> Void
    ) throws(SpanDecodingError) {
        try expect("{")
        if skip("}") { return }
        repeat {
            try budget.take()
            guard peek() == UInt8(ascii: "\"") else { throw malformed("a key") }
            let key = try text()
            try expect(":")
            try member(&self, key)
        } while skip(",")
        try expect("}")
    }

    /// Steps over `null` if it comes next.
    @inline(__always)
    mutating func skipNull() throws(SpanDecodingError) -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        try word("null")
        return true
    }

    /// Reads `true` or `false`.
    mutating func boolean() throws(SpanDecodingError) -> Bool {
        switch peek() {
        case UInt8(ascii: "t"):
            try word("true")
            return true
        case UInt8(ascii: "f"):
            try word("false")
            return false
        default: throw malformed("true or false")
        }
    }

    /// Steps over any value.
    mutating func skipValue(depth: Int = 0) throws(SpanDecodingError) {
        guard depth < Self.depthLimit else { throw malformed("at most \(Self.depthLimit) levels of nesting") }
        switch peek() {
        case UInt8(ascii: "{"):
            try fields { scanner, _ throws(SpanDecodingError) in try scanner.skipValue(depth: depth + 1) }
        case UInt8(ascii: "["):
            try array { scanner, _ throws(SpanDecodingError) in try scanner.skipValue(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try text()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
        case UInt8(ascii: "n"): _ = try skipNull()
        default: _ = try numberText()
        }
    }

    private mutating func word(_ text: StaticString) throws(SpanDecodingError) {
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[index...].starts(with: expected) else { throw malformed("\(text)") }
        index += expected.count
    }
}
