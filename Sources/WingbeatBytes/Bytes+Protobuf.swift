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

    /// Appends a field of type `fixed32`.
    package mutating func append(field number: Int, fixed32 value: UInt32) {
        append(tag: number, .fixed32)
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Appends a field of type `bytes`.
    package mutating func append(field number: Int, bytes: [UInt8]) {
        append(field: number, header: bytes.count)
        append(contentsOf: bytes)
    }

    /// Appends what stands before the bytes of a field of type `bytes`.
    package mutating func append(field number: Int, header length: Int) {
        append(tag: number, .lengthDelimited)
        append(varint: UInt64(length))
    }

    /// Appends the eight bytes of a number, the highest first.
    package mutating func append(bigEndian value: UInt64) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
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
        let length = count - start
        guard length >= 0x80 else { return self[start - 1] = UInt8(length) }
        let width = (length.bitWidth - length.leadingZeroBitCount + 6) / 7
        append(contentsOf: repeatElement(0, count: width - 1))
        withUnsafeMutableBytes { bytes in
            let body = UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
            UnsafeMutableRawBufferPointer(rebasing: bytes[(start + width - 1)...]).copyMemory(from: body)
            for position in 0..<width {
                let more: UInt8 = position < width - 1 ? 0x80 : 0
                bytes[start - 1 + position] = UInt8(truncatingIfNeeded: length >> (7 * position)) & 0x7F | more
            }
        }
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
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    private mutating func append(tag number: Int, _ type: WireType) {
        append(varint: UInt64(number) << 3 | type.rawValue)
    }
}

private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
}
