// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging

extension BufferedSink {
    /// How a buffer works.
    public struct Configuration: Sendable {
        /// The bytes that it takes at most, 4,096 at least. Taken as needed in pieces of 64 KiB (a quarter of it when
        /// that is less), each of which holds whole lines; larger lines get a piece of their own.
        public var capacity: Int
        /// How long a line waits for others.
        public var interval: Duration
        /// What happens to lines for which there is no room.
        public var whenFull: FullPolicy
        /// Lines of this level and above are not left waiting; nil for none.
        public var flushLevel: Logger.Level?
        /// How long a flush waits at most.
        public var flushTimeout: Duration

        /// The usual: 1 MiB, 20 ms, dropping, and a flush at errors that waits for a second at most.
        public init(
            capacity: Int = 1 << 20,
            interval: Duration = .milliseconds(20),
            whenFull: FullPolicy = .drop,
            flushLevel: Logger.Level? = .error,
            flushTimeout: Duration = .seconds(1)
        ) {
            self.capacity = capacity
            self.interval = interval
            self.whenFull = whenFull
            self.flushLevel = flushLevel
            self.flushTimeout = flushTimeout
        }
    }

    /// What happens to lines for which there is no room.
    public enum FullPolicy: Sendable {
        /// They are not taken: ``BufferedSink/write(_:)`` throws ``LogSinkError/full``, and who called counts them.
        case drop
        /// ``BufferedSink/write(_:)`` waits for room, for ever if the other sink blocks for ever.
        case block
    }
}
