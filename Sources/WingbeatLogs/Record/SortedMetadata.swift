// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging

/// swift-log's pairs of a line from all their sources, sorted by key, in memory of the caller's stack.
struct SortedMetadata: ~Copyable {
    private struct Pair {
        let key: String
        var value: LogValue
    }

    private let memory: UnsafeMutableBufferPointer<Pair>
    private var count = 0

    /// Gives a list with room for so many pairs; one of over 25 takes its memory from the heap.
    static func with(capacity: Int, _ body: (inout SortedMetadata) -> Void) {
        withUnsafeTemporaryAllocation(of: Pair.self, capacity: capacity) { memory in
            var list = SortedMetadata(memory)
            body(&list)
        }
    }

    private init(_ memory: UnsafeMutableBufferPointer<Pair>) {
        self.memory = memory
    }

    deinit {
        for index in 0..<count { memory.deinitializeElement(at: index) }
    }

    /// Adds pairs; one stands for an earlier one with the same key.
    mutating func insert(_ metadata: Logger.Metadata) {
        for (key, value) in metadata { insert(key, LogValue(value)) }
    }

    /// Adds a pair; it stands for an earlier one with the same key.
    @inline(__always)
    mutating func insert(_ key: consuming String, _ value: consuming LogValue) {
        guard let start = memory.baseAddress else { return }
        let place = place(of: key)
        if place.isKnown {
            start[place.index].value = value
        } else {
            if place.index < count {
                (start + place.index + 1).moveInitialize(from: start + place.index, count: count - place.index)
            }
            (start + place.index).initialize(to: Pair(key: key, value: value))
            count += 1
        }
    }

    /// Where a key stands, or would stand.
    private func place(of key: String) -> (index: Int, isKnown: Bool) {
        var index = count
        while index > 0 {
            if memory[index - 1].key < key { break }
            index -= 1
            if memory[index].key == key { return (index, true) }
        }
        return (index, false)
    }

    /// Gives the pairs to an encoder.
    func write(to writer: inout LogPairWriter) {
        for index in 0..<count {
            memory[index].key.withBytes { key in
                switch memory[index].value {
                case .text(let text): writer.append(LogKey(key), text: text)
                case .integer(let number): writer.append(LogKey(key), integer: number)
                case let value: writer.append(LogKey(key), value)
                }
            }
        }
    }
}
