// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
public import WingbeatCollector
public import WingbeatModel

/// Keeps spans in a folder of its own: a journal, a SQLite file for each hour, and a catalog.
///
/// ``accept(_:)`` returns when the spans are in the journal, so that they survive a kill of the process (and, with
/// ``Configuration/durable``, a power failure), and in memory, where queries find them. What is in memory is sealed
/// into the file of the hour when there is enough of it. Queries read beside all this and never wait for the writer.
public final class SQLiteSpanStore: SpanStore {
    let view: LiveView
    let names: KnownNames
    let writer: SpanWriter
    let growing: GrowingHead
    let sealer: Sealer
    let retention: Retention
    let catalog: Catalog
    let source: BlockSource
    let queries: QueryPool
    let sqlQueries: QueryPool
    let options: SpanStoreOptions
    private let maximumBytes: Int64
    private let tailDecisions: (@Sendable () -> [TailPolicy.Decision: Int])?
    private let maintenance: Maintenance

    /// Opens the store, or makes it where there is none.
    ///
    /// What an earlier process left in its journal is read in, and so is the database of the previous version.
    ///
    /// - Parameter directory: made when it is not there; one collector at a time may use it.
    public init(directory: String, configuration: Configuration = Configuration()) throws(SpanStoreError) {
        let parts = try StoreParts(directory, configuration)
        view = parts.view
        names = parts.names
        growing = parts.growing
        sealer = parts.sealer
        retention = parts.retention
        catalog = parts.catalog
        source = parts.source
        writer = SpanWriter(
            parts.growing,
            queue: parts.writerQueue,
            maximumWaitingBytes: configuration.maximumWaitingBytes
        )
        queries = QueryPool(threads: configuration.queryThreads, timeout: configuration.options.queryTimeout)
        sqlQueries = QueryPool(threads: 1, timeout: configuration.options.queryTimeout)
        options = configuration.options
        maximumBytes = configuration.maximumBytes
        tailDecisions = configuration.tailDecisions
        maintenance = Maintenance(parts, clock: configuration.clock)
    }

    /// Keeps the spans; returns when they survive a kill of the process.
    public func accept(_ spans: [SpanRecord]) async throws {
        guard !spans.isEmpty else { return }
        try await writer.write(SpanBatch(spans, tagKeys: options.autocompleteKeys))
    }

    /// Seals what is in memory. Where that is not possible it stays in the journal for the next process.
    public func close() async {
        await maintenance.sealAll()
    }

    /// Does now what is done every few seconds.
    func tidy() async {
        await maintenance.tidy()
    }

    /// Throws when the last post could not be kept, when spans cannot be sealed, or when the catalog cannot be read.
    public func check() async throws {
        if let failure = growing.lastFailure ?? sealer.failure { throw failure }
        _ = try await evictions()
    }

    /// How much the store holds.
    public func status() async throws -> SpanStoreStatus {
        let now = view.now
        var status = SpanStoreStatus()
        status.spans = now.heads.reduce(0) { $0 + $1.size.spans } + now.files.reduce(0) { $0 + $1.spans }
        status.bytes = retention.bytes
        status.evictedSpans = retention.evictedSpans
        status.maximumBytes = maximumBytes > 0 ? maximumBytes : nil
        let sealed = now.files.lazy.flatMap(\.blocks).compactMap { $0.starts?.lowerBound }.min()
        status.oldest = [sealed, now.heads.compactMap(\.oldest).min()].compactMap { $0 }.min()
        status.evictedSpansByService = try await evictions()
        status.evictedSpans = status.evictedSpansByService.values.reduce(0, +)
        status.tailDecisions = tailDecisions?()
        return status
    }

    /// How many spans of each service are there.
    public func spansByService() -> [String: Int] {
        let now = view.now
        var spans: [String: Int] = [:]
        for hour in now.files { spans.merge(hour.services, uniquingKeysWith: +) }
        for head in now.heads { spans.merge(head.names.services.mapValues(\.spans), uniquingKeysWith: +) }
        return spans
    }

    /// How many spans of each service were deleted, because of their age or to make room.
    public func evictions() async throws -> [String: Int] {
        try await catalog.run { try EvictionTable.read(from: $0) }
    }

    /// How many places on disk were found damaged; what was there is not found.
    public var damages: Int { source.damages.count }
}
