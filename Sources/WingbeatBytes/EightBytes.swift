// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Eight bytes of the input, looked at all at once; the first byte is the lowest.
///
/// Public, though no product has it: the compiler puts what is `package` into the code of no other module.
///
/// Source of the tests for all bytes of a word: Henry S. Warren, "Hacker's Delight", chapter 6.
public struct EightBytes {
    /// The bytes as a number.
    public let word: UInt64

    /// The eight bytes from a place on, all of which must be there.
    @inlinable
    @inline(__always)
    public init(_ place: UnsafePointer<UInt8>) {
        word = UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
    }

    /// How many bytes stand before the first that cannot be part of a JSON string as it is: a quote, a backslash, a
    /// control character. 8 when there is none.
    @inlinable
    @inline(__always)
    public var plainPrefix: Int {
        let quote = word ^ Self.each(UInt8(ascii: "\""))
        let backslash = word ^ Self.each(UInt8(ascii: "\\"))
        let found =
            (word &- Self.each(0x20)) & ~word | (quote &- Self.each(1)) & ~quote
            | (backslash &- Self.each(1)) & ~backslash
        return (found & Self.each(0x80)).trailingZeroBitCount >> 3
    }

    /// How many bytes stand before the first that is equal to the given one. 8 when there is none.
    @inlinable
    @inline(__always)
    public func prefix(upTo byte: UInt8) -> Int {
        let difference = word ^ Self.each(byte)
        return ((difference &- Self.each(1)) & ~difference & Self.each(0x80)).trailingZeroBitCount >> 3
    }

    /// The number that eight lower-case hexadecimal digits mean; nil where one is none.
    @inlinable
    @inline(__always)
    public var lowerHexadecimal: UInt64? {
        let isDigit = (word &+ Self.each(0x80 - 0x30)) & ~(word &+ Self.each(0x80 - 0x3A))
        let isLetter = (word &+ Self.each(0x80 - 0x61)) & ~(word &+ Self.each(0x80 - 0x67))
        guard (isDigit | isLetter) & ~word & Self.each(0x80) == Self.each(0x80) else { return nil }
        var number = (word & Self.each(0x0F)) &+ (word >> 6 & Self.each(1)) &* 9
        number = (number << 4 | number >> 8) & 0x00FF_00FF_00FF_00FF
        number = (number << 8 | number >> 16) & 0x0000_FFFF_0000_FFFF
        return (number << 16 | number >> 32) & 0xFFFF_FFFF
    }

    /// The byte, eight times.
    @inlinable
    @inline(__always)
    static func each(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }
}
