// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging

/// The pairs of a line while they are gathered, in memory of the caller's stack.
struct PairList: ~Copyable {
    private let memory: UnsafeMutableBufferPointer<LogPair>
    private let redaction: LogRedaction
    private var count = 0

    /// Gives a list with room for so many pairs. A line of over 25 pairs takes its memory from the heap.
    static func with(capacity: Int, _ redaction: LogRedaction, _ body: (inout PairList) -> Void) {
        withUnsafeTemporaryAllocation(of: LogPair.self, capacity: capacity) { memory in
            var list = PairList(memory, redaction)
            body(&list)
        }
    }

    private init(_ memory: UnsafeMutableBufferPointer<LogPair>, _ redaction: LogRedaction) {
        self.memory = memory
        self.redaction = redaction
    }

    deinit {
        UnsafeMutableBufferPointer(rebasing: memory[..<count]).deinitialize()
    }

    /// What was gathered so far.
    var pairs: UnsafeBufferPointer<LogPair> { UnsafeBufferPointer(rebasing: memory[..<count]) }

    /// Adds a pair at the end.
    mutating func append(_ key: LogKey, _ value: LogValue) {
        memory.initializeElement(at: count, to: LogPair(key, redaction.applied(to: value, of: key.text)))
        count += 1
    }

    /// Adds swift-log's pairs, sorted by key, to such pairs; the new one stands for one with the same key.
    mutating func insert(_ metadata: Logger.Metadata) {
        for (key, value) in metadata { insert(key, value.logValue) }
    }

    /// Adds a pair to pairs that are sorted by key; it stands for one with the same key.
    mutating func insert(_ key: String, _ value: LogValue) {
        let pair = LogPair(LogKey(key), redaction.applied(to: value, of: key))
        var place = count
        while place > 0, key < memory[place - 1].key.text { place -= 1 }
        if place > 0, memory[place - 1].key.text == key {
            memory[place - 1] = pair
            return
        }
        makeRoom(at: place)
        memory.initializeElement(at: place, to: pair)
        count += 1
    }

    private func makeRoom(at place: Int) {
        guard place < count, let start = memory.baseAddress else { return }
        (start + place + 1).moveInitialize(from: start + place, count: count - place)
    }
}
