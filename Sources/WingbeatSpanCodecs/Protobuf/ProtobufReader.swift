// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Reads a message in protocol buffers' wire format (protobuf.dev/programming-guides/encoding), field by field, without
/// copying it.
///
/// A decoder loops over ``nextField()`` and reads the value of each field, or calls ``skip(_:)``: also where the type is
/// another than that of its schema, as protocol buffers ask of a field that one does not know. The reader of a nested
/// message stands on the same bytes, so that errors name the byte of the whole input. Nesting is limited, so that hostile
/// input cannot exhaust the stack.
struct ProtobufReader {
    /// How deep messages and groups may be nested.
    static let depthLimit = 100

    /// The number of a field and how its value is written.
    struct Field {
        let number: UInt32
        let type: WireType
    }

    /// How the value of a field is written.
    enum WireType: UInt8 {
        case varint = 0
        case fixed64 = 1
        case delimited = 2
        case groupStart = 3
        case groupEnd = 4
        case fixed32 = 5
    }

    private let input: UnsafeBufferPointer<UInt8>
    private let end: Int
    private let depth: Int
    /// The byte that is read next, counted from the start of the whole input.
    private(set) var position: Int

    /// A reader of a whole input, which must outlive it.
    init(_ input: UnsafeBufferPointer<UInt8>) {
        self.input = input
        position = 0
        end = input.count
        depth = 0
    }

    private init(_ parent: ProtobufReader, length: Int) {
        input = parent.input
        position = parent.position
        end = parent.position + length
        depth = parent.depth + 1
    }

    /// How many bytes of the message are left.
    var available: Int { end - position }

    /// The bytes of the message that are left: those of a nested message as a whole, before one reads it.
    var rest: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: input[position..<end]) }

    /// The next field; nil at the end of the message.
    @inline(__always)
    mutating func nextField() throws(SpanDecodingError) -> Field? {
        guard position < end else { return nil }
        let start = position
        let tag = try varint()
        guard let number = UInt32(exactly: tag >> 3), number != 0 else {
            throw SpanDecodingError("Malformed: fieldNumber was \(tag >> 3) at byte \(start)")
        }
        guard let type = WireType(rawValue: UInt8(truncatingIfNeeded: tag & 7)) else {
            throw SpanDecodingError("Malformed: invalid wireType \(tag & 7) at byte \(start)")
        }
        return Field(number: number, type: type)
    }

    /// Reads a value of type `uint64`, `int64` (by bit pattern), `enum` or `bool`.
    @inline(__always)
    mutating func varint() throws(SpanDecodingError) -> UInt64 {
        if position < end, input[position] < 0x80 {
            position += 1
            return UInt64(input[position - 1])
        }
        return try longVarint()
    }

    private mutating func longVarint() throws(SpanDecodingError) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            try require(1)
            let byte = input[position]
            position += 1
            if shift == 63, byte > 1 { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw SpanDecodingError("Malformed: varint of more than 64 bits at byte \(start)")
    }

    /// Reads a value of type `fixed64`, `sfixed64` or `double` (by bit pattern).
    mutating func fixed64() throws(SpanDecodingError) -> UInt64 {
        try require(8)
        position += 8
        return UInt64(
            littleEndian: UnsafeRawBufferPointer(input).loadUnaligned(fromByteOffset: position - 8, as: UInt64.self)
        )
    }

    /// Reads a value of type `fixed32`, `sfixed32` or `float` (by bit pattern).
    mutating func fixed32() throws(SpanDecodingError) -> UInt32 {
        try require(4)
        position += 4
        return UInt32(
            littleEndian: UnsafeRawBufferPointer(input).loadUnaligned(fromByteOffset: position - 4, as: UInt32.self)
        )
    }

    /// Reads a value of type `bytes` or `string`, as a part of the input.
    mutating func bytes() throws(SpanDecodingError) -> UnsafeBufferPointer<UInt8> {
        let length = try length()
        position += length
        return UnsafeBufferPointer(rebasing: input[position - length..<position])
    }

    /// Reads a value of type `string`; bytes that are not UTF-8 become U+FFFD.
    mutating func string() throws(SpanDecodingError) -> String {
        String(decoding: try bytes(), as: UTF8.self)
    }

    /// Steps over a nested message, and returns its reader.
    mutating func message() throws(SpanDecodingError) -> ProtobufReader {
        guard depth < Self.depthLimit else { throw tooDeep }
        let length = try length()
        let message = ProtobufReader(self, length: length)
        position = message.end
        return message
    }

    /// Steps over the value of a field.
    mutating func skip(_ field: Field) throws(SpanDecodingError) {
        switch field.type {
        case .varint: _ = try varint()
        case .fixed64: _ = try fixed64()
        case .delimited: _ = try bytes()
        case .fixed32: _ = try fixed32()
        case .groupStart: try skipGroup(field.number)
        case .groupEnd: throw SpanDecodingError("Malformed: a group that did not start ends before byte \(position)")
        }
    }

    /// Steps over a group and those inside of it, without recursion.
    private mutating func skipGroup(_ number: UInt32) throws(SpanDecodingError) {
        var open = [number]
        while let innermost = open.last {
            guard let field = try nextField() else {
                throw SpanDecodingError("Malformed: group \(innermost) does not end before byte \(position)")
            }
            if field.type == .groupStart {
                guard depth + open.count < Self.depthLimit else { throw tooDeep }
                open.append(field.number)
            } else if field.type == .groupEnd, field.number == innermost {
                open.removeLast()
            } else {
                try skip(field)
            }
        }
    }

    private mutating func length() throws(SpanDecodingError) -> Int {
        let length = try varint()
        guard length <= UInt64(available) else { throw truncated(length) }
        return Int(length)
    }

    private func require(_ length: Int) throws(SpanDecodingError) {
        guard length <= available else { throw truncated(UInt64(length)) }
    }

    private func truncated(_ length: UInt64) -> SpanDecodingError {
        SpanDecodingError("Truncated: length \(length) > bytes available \(available)")
    }

    private var tooDeep: SpanDecodingError {
        SpanDecodingError("Malformed: expected at most \(Self.depthLimit) levels of nesting at byte \(position)")
    }
}
