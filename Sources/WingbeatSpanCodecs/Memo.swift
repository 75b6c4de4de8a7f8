// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

/// Remembers what bytes of an input meant.
///
/// The keys, names and endpoints of a post repeat from span to span: looking one up costs less than making it anew, and
/// all spans then share one copy. The table never grows: a newcomer takes the place of whoever has it, so input that
/// always collides only loses the gain. It holds no copies of the bytes, which must outlive it.
struct Memo<Value>: ~Copyable {
    private struct Entry {
        var bytes = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        var value: Value?
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let capacity: Int

    /// A memo for an input of so many bytes.
    ///
    /// - Parameter limit: how many values it keeps at most; a power of two.
    init(inputBytes: Int, limit: Int) {
        var capacity = 16
        while capacity < limit, capacity < inputBytes >> 7 { capacity <<= 1 }
        self.capacity = capacity
        entries = .allocate(capacity: capacity)
        entries.initialize(repeating: Entry(), count: capacity)
    }

    deinit {
        entries.deinitialize(count: capacity)
        entries.deallocate()
    }

    /// What the bytes meant before; nil where that is not remembered.
    @inline(__always)
    func value(of bytes: UnsafeBufferPointer<UInt8>) -> Value? {
        let place = place(of: bytes)
        return entries[place].bytes.hasSameContent(as: bytes) ? entries[place].value : nil
    }

    /// What the bytes meant before, or else what they mean now.
    @inline(__always)
    func value(of bytes: UnsafeBufferPointer<UInt8>, else make: () -> Value) -> Value {
        let place = place(of: bytes)
        if entries[place].bytes.hasSameContent(as: bytes), let value = entries[place].value { return value }
        let value = make()
        entries[place].bytes = bytes
        entries[place].value = value
        return value
    }

    /// Remembers what bytes mean.
    func remember(_ value: Value, for bytes: UnsafeBufferPointer<UInt8>) {
        let place = place(of: bytes)
        entries[place].bytes = bytes
        entries[place].value = value
    }

    @inline(__always)
    private func place(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        Int(truncatingIfNeeded: bytes.mixed) & (capacity - 1)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// True when both hold the same bytes.
    @inline(__always)
    func hasSameContent(as other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        guard let left = baseAddress, let right = other.baseAddress else { return true }
        guard count >= 8 else { return Self.short(left, count) == Self.short(right, count) }
        var index = 0
        while index < count - 8 {
            guard EightBytes(left + index).word == EightBytes(right + index).word else { return false }
            index += 8
        }
        return EightBytes(left + count - 8).word == EightBytes(right + count - 8).word
    }

    /// A number that is the same for the same bytes, and seldom so for others.
    @inline(__always)
    fileprivate var mixed: UInt64 {
        guard let start = baseAddress else { return 0 }
        var mixed = UInt64(count)
        guard count >= 8 else { return Self.mix(mixed, Self.short(start, count)) }
        var index = 0
        while index < count - 8 {
            mixed = Self.mix(mixed, EightBytes(start + index).word)
            index += 8
        }
        return Self.mix(mixed, EightBytes(start + count - 8).word)
    }

    @inline(__always)
    private static func mix(_ mixed: UInt64, _ word: UInt64) -> UInt64 {
        let product = (mixed ^ word) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 32
    }

    /// Fewer than eight bytes as a number, which no other bytes of that count have.
    @inline(__always)
    private static func short(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        let raw = UnsafeRawPointer(start)
        guard count < 4 else {
            return UInt64(raw.loadUnaligned(as: UInt32.self)) << 32
                | UInt64((raw + count - 4).loadUnaligned(as: UInt32.self))
        }
        guard count > 0 else { return 0 }
        return UInt64(start[0]) << 16 | UInt64(start[count >> 1]) << 8 | UInt64(start[count - 1])
    }
}
