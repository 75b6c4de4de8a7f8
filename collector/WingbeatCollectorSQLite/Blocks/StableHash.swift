// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A hash of 64 bits that is the same in every run and every version, for filters that are kept on disk hold it.
///
/// After the idea of wyhash (public domain): products of 64-bit words, whose high and low halves are folded together.
enum StableHash {
    /// The hash of bytes.
    static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return empty }
        let place = UnsafeRawPointer(start)
        var hash = empty
        var rest = bytes.count
        while rest > 16 {
            let offset = bytes.count - rest
            hash = mix(word(place + offset) ^ primes.0, word(place + offset + 8) ^ hash)
            rest -= 16
        }
        let (low, high) = tail(place + (bytes.count - rest), rest)
        return mix(primes.1 ^ UInt64(bytes.count), mix(low ^ primes.0, high ^ hash))
    }

    /// The hash of a text's bytes.
    static func of(_ text: String) -> UInt64 {
        text.withUTF8Bytes { of($0) }
    }

    /// The hash of a pair.
    static func pair(_ first: UInt64, _ second: UInt64) -> UInt64 {
        mix(first ^ primes.1, second ^ primes.2)
    }

    private static let empty: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let primes: (UInt64, UInt64, UInt64) = (
        0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3
    )

    /// The last one to sixteen bytes, as two numbers.
    private static func tail(_ place: UnsafeRawPointer, _ count: Int) -> (UInt64, UInt64) {
        if count >= 8 { return (word(place), word(place + count - 8)) }
        if count >= 4 { return (half(place), half(place + count - 4)) }
        let byte = { (index: Int) in UInt64(place.load(fromByteOffset: index, as: UInt8.self)) }
        return (byte(0) << 16 | byte(count >> 1) << 8 | byte(count - 1), 0)
    }

    private static func word(_ place: UnsafeRawPointer) -> UInt64 {
        UInt64(littleEndian: place.loadUnaligned(as: UInt64.self))
    }

    private static func half(_ place: UnsafeRawPointer) -> UInt64 {
        UInt64(UInt32(littleEndian: place.loadUnaligned(as: UInt32.self)))
    }

    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}

extension String {
    /// Calls the body with the text's bytes, without copying them where they lie in one piece.
    func withUTF8Bytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
        return Array(utf8).withUnsafeBufferPointer(body)
    }
}
