// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Joins pieces to messages of a limited size, in their order.
package struct MessagePacker {
    private let limit: Int
    private let separator: [UInt8]
    private var full: [[UInt8]] = []
    private var current: [UInt8] = []

    /// - Parameters:
    ///   - limit: the most bytes of a message.
    ///   - separator: what stands between two pieces of one message.
    package init(limit: Int, separator: String = "") {
        self.limit = limit
        self.separator = Array(separator.utf8)
    }

    /// Adds a piece. One that is larger than the limit becomes a message of its own, for the sender to refuse and count.
    package mutating func append(_ piece: [UInt8]) {
        if !current.isEmpty, current.count + separator.count + piece.count > limit {
            full.append(current)
            current.removeAll(keepingCapacity: true)
        }
        if !current.isEmpty { current += separator }
        current += piece
    }

    /// All messages; none where nothing was added.
    package var messages: [[UInt8]] { current.isEmpty ? full : full + [current] }
}
