// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Packs the values of a series' labels into words, so that finding a series is comparing words.
///
/// The first words hold the number of the label names' set (see `LabelShape`) and the values' lengths, 16 bits each;
/// then come the values' bytes, each value filled with zeros up to a whole word.
struct SeriesKey {
    /// Values longer than this are cut by who makes keys, so that a hostile value cannot fill the memory.
    static let maximumValueLength = 1024
    /// Keys of up to so many words are looked up without allocating.
    static let usualWordCount = 64

    private let words: UnsafeMutableBufferPointer<UInt64>
    private var count: Int
    private var valueCount = 0
    /// False when a value is empty (such a label does not exist), too long, or finds no room: then there is no key.
    private(set) var isComplete = true

    init(in words: UnsafeMutableBufferPointer<UInt64>, shape: UInt16, values: Int) {
        self.words = words
        count = Self.headerLength(values: values)
        for index in 0..<count { words[index] = 0 }
        words[0] = UInt64(shape)
    }

    var packed: UnsafeBufferPointer<UInt64> { UnsafeBufferPointer(rebasing: words[..<count]) }

    static func headerLength(values: Int) -> Int { 1 + values / 4 }

    static func length(of value: Int, in header: UnsafePointer<UInt64>) -> Int {
        let field = value + 1
        return Int(truncatingIfNeeded: header[field >> 2] >> UInt64((field & 3) * 16)) & 0xFFFF
    }

    @inline(__always)
    mutating func append(_ value: String) {
        let isContiguous: Void? = value.utf8.withContiguousStorageIfAvailable { append($0) }
        if isContiguous == nil { append(Array(value.utf8)) }
    }

    private mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { append($0) }
    }

    @inline(__always)
    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        let length = bytes.count
        guard let start = UnsafeRawPointer(bytes.baseAddress), length > 0, length <= Self.maximumValueLength,
            count + (length + 7) >> 3 <= words.count
        else {
            isComplete = false
            return
        }
        valueCount &+= 1
        words[valueCount >> 2] |= UInt64(length) << UInt64((valueCount & 3) * 16)
        var offset = 0
        while offset &+ 8 <= length {
            words[count] = start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            count &+= 1
            offset &+= 8
        }
        if offset < length {
            words[count] = Self.tail(start + offset, length &- offset)
            count &+= 1
        }
    }

    /// One to seven bytes as a word, read with at most three loads.
    @inline(__always)
    private static func tail(_ start: UnsafeRawPointer, _ length: Int) -> UInt64 {
        if length >= 4 {
            let low = UInt64(start.loadUnaligned(as: UInt32.self))
            let high = UInt64(start.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self))
            return low | high << UInt64((length &- 4) &* 8)
        }
        let middle = length >> 1
        let last = length &- 1
        return UInt64(start.load(as: UInt8.self))
            | UInt64(start.load(fromByteOffset: middle, as: UInt8.self)) << UInt64(middle &* 8)
            | UInt64(start.load(fromByteOffset: last, as: UInt8.self)) << UInt64(last &* 8)
    }
}

extension UnsafeBufferPointer<UInt64> {
    /// A hash of the words that nobody outside the process can foresee: products of 64 by 64 bits, folded, as in wyhash
    /// (Wang Yi 2019), from a random seed. Never 0 or 1.
    @inline(__always)
    func hashed(seed: UInt64) -> UInt64 {
        var hash = seed ^ UInt64(count)
        var index = 0
        while index &+ 1 < count {
            hash = folded(self[index] ^ seed, self[index &+ 1] ^ hash)
            index &+= 2
        }
        if index < count { hash = folded(self[index] ^ seed, hash ^ 0x9E37_79B9_7F4A_7C15) }
        return hash | 2
    }
}

@inline(__always)
private func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
}
