// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging

/// A piece of memory with whole lines one after the other, in a list of its like.
struct LineChunk {
    typealias Pointer = UnsafeMutablePointer<LineChunk>

    let bytes: UnsafeMutableRawPointer
    let capacity: Int
    var used = 0
    var count = 0
    /// The highest level among the lines.
    var level = Logger.Level.trace
    var next: Pointer?

    /// An empty chunk in memory of its own.
    static func make(capacity: Int) -> Pointer {
        let chunk = Pointer.allocate(capacity: 1)
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
        chunk.initialize(to: LineChunk(bytes: bytes, capacity: capacity))
        return chunk
    }

    /// Gives the memory back.
    static func free(_ chunk: Pointer) {
        chunk.pointee.bytes.deallocate()
        chunk.deallocate()
    }

    /// What is in it.
    var lines: LogLines {
        LogLines(bytes: UnsafeRawBufferPointer(start: bytes, count: used), count: count, level: level)
    }

    /// Copies the lines behind those it has; false when they do not fit.
    @inline(__always)
    mutating func append(_ lines: LogLines) -> Bool {
        let length = lines.bytes.count
        guard length <= capacity &- used, let start = lines.bytes.baseAddress else { return false }
        (bytes + used).copyMemory(from: start, byteCount: length)
        used &+= length
        count &+= lines.count
        if lines.level.rank > level.rank { level = lines.level }
        return true
    }

    /// Forgets what is in it.
    mutating func clear() {
        (used, count, level, next) = (0, 0, .trace, nil)
    }
}
