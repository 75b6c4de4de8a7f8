// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging

/// swift-log's pairs of a line from all their sources, sorted by key, in memory of the caller's stack.
struct SortedMetadata: ~Copyable {
    private let memory: UnsafeMutableBufferPointer<(key: String, value: LogValue)>
    private var count = 0

    /// Gives a list with room for so many pairs; one of over 25 takes its memory from the heap.
    static func with(capacity: Int, _ body: (inout SortedMetadata) -> Void) {
        withUnsafeTemporaryAllocation(of: (key: String, value: LogValue).self, capacity: capacity) { memory in
            var list = SortedMetadata(memory)
            body(&list)
        }
    }

    private init(_ memory: UnsafeMutableBufferPointer<(key: String, value: LogValue)>) {
        self.memory = memory
    }

    deinit {
        UnsafeMutableBufferPointer(rebasing: memory[..<count]).deinitialize()
    }

    /// Adds pairs; one stands for an earlier one with the same key.
    mutating func insert(_ metadata: Logger.Metadata) {
        for (key, value) in metadata { insert(key, value.logValue) }
    }

    /// Adds a pair; it stands for an earlier one with the same key.
    mutating func insert(_ key: String, _ value: LogValue) {
        var place = count
        while place > 0, key < memory[place - 1].key { place -= 1 }
        if place > 0, memory[place - 1].key == key {
            memory[place - 1].value = value
        } else {
            makeRoom(at: place)
            memory.initializeElement(at: place, to: (key, value))
            count += 1
        }
    }

    private func makeRoom(at place: Int) {
        guard place < count, let start = memory.baseAddress else { return }
        (start + place + 1).moveInitialize(from: start + place, count: count - place)
    }

    /// Gives the pairs to an encoder.
    func write(to writer: inout PairWriter) {
        for index in 0..<count {
            memory[index].key.withBytes { writer.append(LogKey($0), memory[index].value) }
        }
    }
}
