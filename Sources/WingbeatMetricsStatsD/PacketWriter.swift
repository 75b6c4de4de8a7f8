// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Packs lines into packets of a limited size, with newlines between them.
struct PacketWriter {
    private let limit: Int
    private var full: [[UInt8]] = []
    private var current: [UInt8] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// The packets so far.
    var packets: [[UInt8]] { current.isEmpty ? full : full + [current] }

    /// Adds a line, or several that must not be parted. What is longer than a packet gets one of its own.
    mutating func append(_ lines: [UInt8]) {
        if !current.isEmpty, current.count + 1 + lines.count > limit {
            full.append(current)
            current.removeAll(keepingCapacity: true)
        }
        if !current.isEmpty { current.append(UInt8(ascii: "\n")) }
        current.append(contentsOf: lines)
    }
}
