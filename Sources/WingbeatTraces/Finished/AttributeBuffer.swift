// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Attributes in memory of their own, which stays when they are gone. Whoever holds it must ``free()`` it.
///
/// Keys and values lie apart: a list of either is released faster than one of pairs.
struct AttributeBuffer {
    private var keys: UnsafeMutablePointer<String>?
    private var values: UnsafeMutablePointer<AttributeValue>?
    private(set) var count = 0
    /// They came in an order that means nothing.
    var areUnordered = false
    private var capacity = 0
    /// The lengths of the keys, as a set of their lowest six bits: two keys of different lengths differ.
    private var keyLengths: UInt64 = 0

    /// What most spans need.
    private static let leastCapacity = 8
    /// What a span needed beyond that is not kept.
    private static let keptCapacity = 32

    @inline(__always)
    var isEmpty: Bool { count == 0 }

    /// Adds copies of all, in the order in which they came or by key.
    func append(to attributes: inout [Attribute]) {
        guard let keys, let values else { return }
        attributes.reserveCapacity(count)
        for index in 0..<count { attributes.append(Attribute(keys[index], values[index])) }
        if areUnordered { attributes.sort { $0.key < $1.key } }
    }

    /// Whether a key of this length may be there; if not, it is not.
    @inline(__always)
    func mayHave(keyOf length: Int) -> Bool { keyLengths & bit(length) != 0 }

    /// Adds an attribute whose key is not there.
    @inline(__always)
    mutating func append(_ key: consuming String, length: Int, _ value: consuming AttributeValue) {
        keyLengths |= bit(length)
        if count == capacity { grow() }
        guard let keys, let values else { return }
        (keys + count).initialize(to: key)
        (values + count).initialize(to: value)
        count &+= 1
    }

    /// - Returns: the value that was there; nil when the key is not there.
    @inline(never)
    func replace(_ key: String, _ value: AttributeValue) -> AttributeValue? {
        guard let keys, let values, let index = (0..<count).first(where: { keys[$0] == key }) else { return nil }
        defer { values[index] = value }
        return values[index]
    }

    /// Removes all.
    @inline(__always)
    mutating func clear() {
        guard let keys, let values else { return }
        for index in 0..<count {
            (keys + index).deinitialize(count: 1)
            (values + index).deinitialize(count: 1)
        }
        (count, keyLengths, areUnordered) = (0, 0, false)
        if capacity > Self.keptCapacity { free() }
    }

    mutating func free() {
        keys?.deinitialize(count: count)
        values?.deinitialize(count: count)
        keys?.deallocate()
        values?.deallocate()
        self = AttributeBuffer()
    }

    @inline(never)
    private mutating func grow() {
        capacity = max(capacity * 2, Self.leastCapacity)
        keys = moved(keys)
        values = moved(values)
    }

    private func moved<Element>(_ old: UnsafeMutablePointer<Element>?) -> UnsafeMutablePointer<Element> {
        let new = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        if let old {
            new.moveInitialize(from: old, count: count)
            old.deallocate()
        }
        return new
    }

    @inline(__always)
    private func bit(_ length: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: length) }
}
