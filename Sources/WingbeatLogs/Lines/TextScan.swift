// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Eight bytes of text, looked at together.
///
/// Source of the tests: Sean Eron Anderson, "Bit Twiddling Hacks", "Determine if a word has a byte equal to n" and
/// "... less than n". Their results are non-zero exactly when such a byte is there.
struct EightBytes {
    let word: UInt64

    @inline(__always)
    func has(_ byte: UInt8) -> UInt64 {
        let difference = word ^ (ones &* UInt64(byte))
        return (difference &- ones) & ~difference & highBits
    }

    /// - Parameter bound: at most 128.
    @inline(__always)
    func hasLess(than bound: UInt8) -> UInt64 { (word &- ones &* UInt64(bound)) & ~word & highBits }

    /// DEL, or what is not ASCII.
    @inline(__always)
    var hasDeleteOrNonASCII: UInt64 { ((word &+ ones) | word) & highBits }
}

private let ones: UInt64 = 0x0101_0101_0101_0101
private let highBits: UInt64 = 0x8080_8080_8080_8080

extension UnsafeBufferPointer<UInt8> {
    /// Gives the bytes in groups of eight. The last group overlaps the one before; a text of less than eight is given
    /// in one group that repeats some of its bytes, or is filled up with the letter `a`.
    @inline(__always)
    func forEachEight(_ body: (EightBytes) -> Void) {
        guard let baseAddress else { return }
        let start = UnsafeRawPointer(baseAddress)
        guard count >= 8 else { return body(EightBytes(word: fewBytes(start, count))) }
        var position = 0
        while position < count - 8 {
            body(EightBytes(word: start.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
            position += 8
        }
        body(EightBytes(word: start.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)))
    }

    /// Copies the bytes, and joins what a test says of each group of eight; the groups are those of ``forEachEight(_:)``.
    @inline(__always)
    func copy(to place: UnsafeMutablePointer<UInt8>, testing special: (EightBytes) -> UInt64) -> UInt64 {
        guard let baseAddress else { return 0 }
        let start = UnsafeRawPointer(baseAddress)
        let place = UnsafeMutableRawPointer(place)
        guard count >= 8 else { return special(EightBytes(word: copyFew(start, count, to: place))) }
        var found: UInt64 = 0
        var position = 0
        while position < count - 8 {
            found |= special(EightBytes(word: copyWord(start, to: place, at: position)))
            position += 8
        }
        return found | special(EightBytes(word: copyWord(start, to: place, at: count - 8)))
    }
}

@inline(__always)
private func copyWord(_ start: UnsafeRawPointer, to place: UnsafeMutableRawPointer, at position: Int) -> UInt64 {
    let word = start.loadUnaligned(fromByteOffset: position, as: UInt64.self)
    place.storeBytes(of: word, toByteOffset: position, as: UInt64.self)
    return word
}

@inline(__always)
private func copyFew(_ start: UnsafeRawPointer, _ count: Int, to place: UnsafeMutableRawPointer) -> UInt64 {
    let word = fewBytes(start, count)
    if count >= 4 {
        place.storeBytes(of: UInt32(truncatingIfNeeded: word), as: UInt32.self)
        place.storeBytes(of: UInt32(truncatingIfNeeded: word >> 32), toByteOffset: count - 4, as: UInt32.self)
    } else if count > 0 {
        place.storeBytes(of: UInt8(truncatingIfNeeded: word >> 16), as: UInt8.self)
        place.storeBytes(of: UInt8(truncatingIfNeeded: word >> 8), toByteOffset: count / 2, as: UInt8.self)
        place.storeBytes(of: UInt8(truncatingIfNeeded: word), toByteOffset: count - 1, as: UInt8.self)
    }
    return word
}

@inline(__always)
private func fewBytes(_ start: UnsafeRawPointer, _ count: Int) -> UInt64 {
    if count >= 4 {
        let first = UInt64(start.loadUnaligned(as: UInt32.self))
        return first | UInt64(start.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)) << 32
    }
    guard count > 0 else { return 0x6161_6161_6161_6161 }
    let first = UInt64(start.load(as: UInt8.self))
    let middle = UInt64(start.load(fromByteOffset: count / 2, as: UInt8.self))
    let last = UInt64(start.load(fromByteOffset: count - 1, as: UInt8.self))
    return 0x6161_6161_6100_0000 | first << 16 | middle << 8 | last
}

/// A character of UTF-8 text, or a byte that belongs to none.
struct TextUnit {
    /// How many bytes it has.
    let length: Int
    /// The character; U+FFFD for a byte that belongs to none.
    let scalar: UInt32
    /// False for a byte that belongs to no character.
    let isValid: Bool

    /// Reads the character that begins at an index of a text, as Go does: each byte that belongs to none counts alone.
    init(in text: UnsafeBufferPointer<UInt8>, at index: Int) {
        let first = UInt32(text[index])
        let length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
        var scalar = length < 2 ? first : first & (0x7F >> UInt32(length))
        var isValid = length > 0 && index + length <= text.count
        if isValid {
            for following in text[(index + 1)..<(index + length)] {
                isValid = isValid && following & 0xC0 == 0x80
                scalar = scalar << 6 | UInt32(following & 0x3F)
            }
            isValid = isValid && scalar >= leastOfLength[length] && Unicode.Scalar(scalar) != nil
        }
        self.isValid = isValid
        self.length = isValid ? length : 1
        self.scalar = isValid ? scalar : 0xFFFD
    }

    /// True for what moves the cursor, ends a line or speaks to a terminal: the control characters of ASCII and of
    /// Latin-1, and the two Unicode characters that separate lines.
    var isControl: Bool {
        scalar < 0x20 || (0x7F...0x9F).contains(scalar) || scalar == 0x2028 || scalar == 0x2029
    }
}

/// The least character that may be written with so many bytes.
private let leastOfLength: [UInt32] = [0, 0, 0x80, 0x800, 0x10000]
