// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// What is learnt from spans as they arrive: operations and links.
struct LiveStatistics {
    private var table = EndpointTable()
    private var linker: LiveLinker
    /// What was counted of operations.
    private(set) var operations: OperationCounter

    init(linking: LiveLinker.Limits = .init(), operations: OperationCounter.Limits = .init()) {
        linker = LiveLinker(limits: linking)
        self.operations = OperationCounter(limits: operations)
    }

    /// Learns from spans.
    ///
    /// - Parameters:
    ///   - spans: spans that came.
    ///   - sampler: says which of them were stored.
    ///   - now: nanoseconds of a clock that does not jump.
    ///   - wallClock: nanoseconds since 1970.
    mutating func observe(_ spans: [SpanRecord], keptBy sampler: RateSampler, now: Int64, wallClock: UInt64) {
        table.beginPost()
        // Spans are looked at where they are: to copy one is to count a dozen references.
        spans.withUnsafeBufferPointer { spans in
            for index in spans.indices {
                let digest = SpanDigest(spans[index], &table)
                operations.add(
                    spans[index],
                    service: digest.service(table),
                    isError: digest.isError,
                    isStored: sampler.keeps(spans[index]),
                    now: wallClock
                )
                linker.add(digest, of: spans[index].traceID.low, now: now, table)
            }
        }
        linker.linkSilent(now: now, table)
    }

    /// Links the traces of which nothing came for a while.
    mutating func linkSilent(now: Int64) { linker.linkSilent(now: now, table) }

    /// Links all traces.
    mutating func linkAll() { linker.linkAll(table) }

    /// Hands over what was counted since the last time; traces that wait are not in it.
    mutating func takeRollups() -> [Rollup] {
        operations.takeRollups(table.names) + linker.takeRollups(table)
    }

    /// The links that were counted and not taken in the minutes that touch a window, and those of the traces that wait
    /// and began in it.
    func links(in window: ClosedRange<Int64>) -> [Rollup] {
        linker.rollups(table).filter { $0.touches(window) } + linker.pendingRollups(in: window, table)
    }

    /// The names that the counts know.
    var names: NameTable { table.names }

    /// What was counted of each operation since the start.
    var operationMetrics: [(service: String, name: String, metrics: OperationMetrics)] {
        operations.metrics(table.names)
    }

    /// What was left out for want of room.
    var limits: StatisticsLimits {
        StatisticsLimits(
            unnamedOperations: operations.unnamed,
            lostSpans: operations.lost,
            tracesLinkedEarly: linker.linkedEarly,
            pendingSpans: linker.pendingSpans
        )
    }
}

/// What counting left out for want of room, since the start.
public struct StatisticsLimits: Hashable, Sendable {
    /// Spans that were counted under the name `other`.
    public let unnamedOperations: Int
    /// Spans that are missing in the sums of minutes.
    public let lostSpans: Int
    /// Traces that were linked before nothing more came of them.
    public let tracesLinkedEarly: Int
    /// Spans that wait for the rest of their trace now.
    public let pendingSpans: Int
}
