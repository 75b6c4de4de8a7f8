// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Keeps lines in memory, without limit: for tests.
public final class InMemoryLogSink: LogSink {
    private let storage = Mutex<[String]>([])

    /// An empty sink.
    public init() {}

    /// The lines so far, without their newlines.
    public var lines: [String] { storage.withLock { $0 } }

    /// Keeps the line.
    public func write(_ line: [UInt8]) {
        let text = String(decoding: line.last == UInt8(ascii: "\n") ? line.dropLast() : line[...], as: UTF8.self)
        storage.withLock { $0.append(text) }
    }
}
