// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Reads Thrift's binary protocol (thrift.apache.org/docs, "Thrift Binary protocol encoding"), field by field, without
/// copying it.
///
/// Lengths are checked against what is left, and no type of a list's element takes no bytes, so the work is bounded by
/// the input. Nesting is limited in ``skip(_:depth:)``.
struct ThriftReader {
    /// How deep a value that is skipped may be nested.
    static let depthLimit = 64

    /// The type of a value; the protocol's numbers.
    enum ValueType: UInt8 {
        case bool = 2
        case byte = 3
        case double = 4
        case i16 = 6
        case i32 = 8
        case i64 = 10
        case string = 11
        case structure = 12
        case map = 13
        case set = 14
        case list = 15
    }

    /// The number of a field and the type of its value.
    struct Field {
        let number: Int16
        let type: ValueType
    }

    private let input: UnsafeBufferPointer<UInt8>
    /// The byte that is read next.
    private(set) var position = 0
    private var budget = DecodingBudget()

    /// A reader of an input, which must outlive it.
    init(_ input: UnsafeBufferPointer<UInt8>) {
        self.input = input
    }

    /// How many bytes are left.
    var available: Int { input.count - position }

    /// The next field of a structure; nil at its end.
    mutating func nextField() throws(SpanDecodingError) -> Field? {
        guard try peek() != 0 else {
            position += 1
            return nil
        }
        let type = try valueType()
        return Field(number: try integer(), type: type)
    }

    /// Reads the type of the elements of a list, and how many they are.
    mutating func list() throws(SpanDecodingError) -> (type: ValueType, count: Int) {
        let type = try valueType()
        let count = try length()
        try budget.take(count)
        return (type, count)
    }

    /// Reads a whole number of the length that its type has.
    mutating func integer<Number: FixedWidthInteger>() throws(SpanDecodingError) -> Number {
        let size = MemoryLayout<Number>.size
        try require(size)
        position += size
        let raw = UnsafeRawBufferPointer(input).loadUnaligned(fromByteOffset: position - size, as: Number.self)
        return Number(bigEndian: raw)
    }

    /// Reads a text or bytes, as a part of the input.
    mutating func bytes() throws(SpanDecodingError) -> UnsafeBufferPointer<UInt8> {
        let length = try length()
        position += length
        return UnsafeBufferPointer(rebasing: input[position - length..<position])
    }

    /// Reads a text; bytes that are not UTF-8 become U+FFFD.
    mutating func string() throws(SpanDecodingError) -> String {
        String(decoding: try bytes(), as: UTF8.self)
    }

    /// Steps over a value.
    mutating func skip(_ type: ValueType, depth: Int = 0) throws(SpanDecodingError) {
        guard depth < Self.depthLimit else {
            throw SpanDecodingError(
                "Malformed: expected at most \(Self.depthLimit) levels of nesting at byte \(position)"
            )
        }
        switch type {
        case .bool, .byte: try step(1)
        case .i16: try step(2)
        case .i32: try step(4)
        case .i64, .double: try step(8)
        case .string: _ = try bytes()
        case .structure: while let field = try nextField() { try skip(field.type, depth: depth + 1) }
        case .list, .set:
            let list = try list()
            for _ in 0..<list.count { try skip(list.type, depth: depth + 1) }
        case .map: try skipMap(depth: depth)
        }
    }

    private mutating func skipMap(depth: Int) throws(SpanDecodingError) {
        // The types of an empty map mean nothing.
        let types = (try peek(), try peek(1))
        position += 2
        let count = try length()
        guard count > 0 else { return }
        guard let key = ValueType(rawValue: types.0), let value = ValueType(rawValue: types.1) else {
            throw SpanDecodingError("Malformed: invalid type \(types.0) or \(types.1) of a map before byte \(position)")
        }
        for _ in 0..<count {
            try skip(key, depth: depth + 1)
            try skip(value, depth: depth + 1)
        }
    }

    private mutating func valueType() throws(SpanDecodingError) -> ValueType {
        let byte = try peek()
        guard let type = ValueType(rawValue: byte) else {
            throw SpanDecodingError("Malformed: invalid type \(byte) at byte \(position)")
        }
        position += 1
        return type
    }

    /// A length or a count, neither of which is larger than what is left.
    private mutating func length() throws(SpanDecodingError) -> Int {
        let length: Int32 = try integer()
        guard length >= 0 else { throw SpanDecodingError("Malformed: length \(length) before byte \(position)") }
        try require(Int(length))
        return Int(length)
    }

    private func peek(_ offset: Int = 0) throws(SpanDecodingError) -> UInt8 {
        try require(offset + 1)
        return input[position + offset]
    }

    private mutating func step(_ length: Int) throws(SpanDecodingError) {
        try require(length)
        position += length
    }

    private func require(_ length: Int) throws(SpanDecodingError) {
        guard length <= available else {
            throw SpanDecodingError("Truncated: length \(length) > bytes available \(available)")
        }
    }
}
