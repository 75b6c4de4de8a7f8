// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatCollector

extension SQLiteSpanStore {
    /// What a store can be told.
    public struct Configuration: Sendable {
        /// What every store can be told.
        public var options = SpanStoreOptions()
        /// How long spans are kept; zero for ever. Whole hours are deleted.
        public var retention: Duration = .seconds(72 * 3600)
        /// The most bytes on disk; zero for no limit. The oldest file is deleted first.
        public var maximumBytes: Int64 = 2_000_000_000
        /// How many bytes of spans may wait to be written; beyond that ``SQLiteSpanStore/accept(_:)`` throws
        /// ``SpanStoreError/busy``.
        public var maximumWaitingBytes = 64 << 20
        /// How many queries run at once; further ones wait.
        public var queryThreads = 4
        /// True when spans must survive a power failure, too: each write waits for the disk.
        public var durable = false
        /// Takes what an operator should know, such as files that are deleted or damaged.
        public var notice: Notice = { _ in }
        /// Asked for each trace when it leaves memory.
        package var keep: SpanKeeping?
        /// What was decided so, for ``SpanStoreStatus/tailDecisions``.
        package var tailDecisions: (@Sendable () -> [TailPolicy.Decision: Int])?
        package var clock = Clock.system
        var headLimits = GrowingHead.Limits()
        var writeJournal: JournalFile.Write = JournalFile.write

        /// The defaults.
        public init() {}

        /// How large a file becomes: some share the room, so that deleting the oldest frees a part of it.
        var maximumFileBytes: Int64 { maximumBytes > 0 ? min(256 << 20, maximumBytes / 8) : 256 << 20 }
    }
}
