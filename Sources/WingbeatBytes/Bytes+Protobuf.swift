// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Appends the fields of protocol buffers' wire format (protobuf.dev/programming-guides/encoding).
///
/// A field is written even where its value is zero, for proto2 tells a zero from nothing.
extension [UInt8] {
    /// Appends a field of type `uint64`, `int64` (by bit pattern), `enum` or `bool`.
    package mutating func append(field number: Int, varint value: UInt64) {
        append(tag: number, .varint)
        append(varint: value)
    }

    /// Appends a field of type `sint32` or `sint64`.
    package mutating func append(field number: Int, zigzag value: Int64) {
        append(tag: number, .varint)
        append(zigzag: value)
    }

    /// Appends a field of type `double`.
    package mutating func append(field number: Int, double value: Double) {
        append(tag: number, .fixed64)
        append(fixed64: value.bitPattern)
    }

    /// Appends a field of type `fixed64`.
    package mutating func append(field number: Int, fixed64 value: UInt64) {
        append(tag: number, .fixed64)
        append(fixed64: value)
    }

    /// Appends a field of type `string`.
    package mutating func append(field number: Int, text: String) {
        append(tag: number, .lengthDelimited)
        append(varint: UInt64(text.utf8.count))
        append(contentsOf: text.utf8)
    }

    /// Appends a field that is a message, or packed numbers, which the body writes.
    package mutating func append(field number: Int, _ body: (inout [UInt8]) -> Void) {
        append(tag: number, .lengthDelimited)
        append(delimited: body)
    }

    /// Appends what the body writes, and its length before it: a message in a stream of messages.
    package mutating func append(delimited body: (inout [UInt8]) -> Void) {
        append(0)  // most lengths take one byte; what follows moves where they take more
        let start = count
        body(&self)
        let length = UInt64(count - start)
        guard length >= 0x80 else { return self[start - 1] = UInt8(length) }
        var prefix: [UInt8] = []
        prefix.append(varint: length)
        replaceSubrange(start - 1..<start, with: prefix)
    }

    /// Appends a number in base 128, its lowest seven bits first.
    package mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// Appends a signed number so that small ones of either sign are short.
    package mutating func append(zigzag value: Int64) {
        append(varint: UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    private mutating func append(fixed64 value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    private mutating func append(tag number: Int, _ type: WireType) {
        append(varint: UInt64(number) << 3 | type.rawValue)
    }
}

private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
}
