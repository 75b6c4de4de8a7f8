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

    /// Keeps the lines.
    public func write(_ lines: LogLines) {
        let texts = lines.bytes.split(
            separator: UInt8(ascii: "\n"),
            maxSplits: lines.count,
            omittingEmptySubsequences: false
        )
        .prefix(lines.count).map { String(decoding: $0, as: UTF8.self) }
        storage.withLock { $0.append(contentsOf: texts) }
    }
}
