// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatCollector
public import WingbeatModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Keeps spans in ClickHouse, for what one machine cannot hold.
///
/// ``accept(_:)`` returns when a server has acknowledged the insert with the spans, so that they survive a kill of the
/// collector and of that server; other replicas follow a moment later. While no server answers, requests wait for half a
/// minute and then fail. Nothing is ever deleted: drop partitions, which are days, as you need it.
public final class ClickHouseSpanStore: SpanStore {
    /// Where the servers are.
    public let address: ClickHouseAddress
    let options: SpanStoreOptions
    let servers: ClickHouseServers
    private let inserter: SpanInserter
    private let isModern: Bool

    /// Connects to the servers and makes the tables that are missing.
    ///
    /// - Parameters:
    ///   - address: where they are; all that can be reached are prepared, and one must be.
    ///   - options: what every store can be told.
    ///   - maximumWaitingSpans: how many spans may wait for their insert; beyond that ``accept(_:)`` throws
    ///     ``SpanStoreError/busy``.
    public init(
        address: ClickHouseAddress,
        options: SpanStoreOptions = SpanStoreOptions(),
        maximumWaitingSpans: Int = 200_000
    ) async throws(SpanStoreError) {
        self.address = address
        self.options = options
        servers = ClickHouseServers(address)
        inserter = SpanInserter(address, servers, maximumWaitingSpans: maximumWaitingSpans)
        do {
            isModern = try await servers.open().isModern
        } catch {
            await servers.close()
            throw (error as? ClickHouseFailure)?.storeError ?? .unavailable("ClickHouse: \(error)")
        }
    }

    /// Keeps the spans; returns when a server has them.
    public func accept(_ spans: [SpanRecord]) async throws {
        var rest = spans[...]
        while !rest.isEmpty {
            let part = rest.prefix(SpanInserter.largestGroup)
            rest = rest.dropFirst(part.count)
            try await inserter.insert(
                SpanRows(
                    part,
                    received: Int64(clamping: unixNanoseconds()),
                    isModern: isModern,
                    autocompleteKeys: options.autocompleteKeys
                )
            )
        }
    }

    /// Adds the numbers.
    public func add(_ rollups: [Rollup]) async throws {
        guard !rollups.isEmpty else { return }
        var rows = RowWriter()
        let batch = UInt64.random(in: .min ... .max)
        for (index, rollup) in rollups.enumerated() { rows.append(rollup, batch: batch &+ UInt64(index)) }
        do {
            try await inserter.insert(rows.bytes, into: .rollups, columns: RowWriter.rollupColumns)
        } catch let failure as ClickHouseFailure {
            throw failure.storeError
        }
    }

    /// Closes the connections. Nothing may be asked or accepted after it.
    public func close() async {
        await servers.close()
    }

    /// Throws when no server answers.
    public func check() async throws {
        _ = try await rows("SELECT toInt64(1) FORMAT RowBinary") { reader throws(RowReader.Damaged) in
            try reader.number(Int64.self)
        }
    }

    /// What the server in use holds: rows of the spans' table and bytes of all our tables.
    public func status() async throws -> SpanStoreStatus {
        let table = Schema.local(.spans, in: address)
        let counts = try await rows(
            """
            SELECT toInt64(sumIf(rows, table = 'wingbeat_spans')), toInt64(sum(bytes_on_disk)) FROM system.parts \
            WHERE active AND database = \(SQL.text(address.database)) FORMAT RowBinary
            """
        ) { reader throws(RowReader.Damaged) in (try reader.number(Int64.self), try reader.number(Int64.self)) }
        let oldest = try await rows("SELECT min(Start) FROM \(table) WHERE Start > 0 FORMAT RowBinary") {
            reader throws(RowReader.Damaged) in try reader.number(Int64.self)
        }
        var status = SpanStoreStatus()
        status.spans = Int(counts.first?.0 ?? 0)
        status.bytes = counts.first?.1 ?? 0
        status.oldest = oldest.first.flatMap { $0 > 0 ? $0 / 1000 : nil }
        return status
    }

    /// When a query that begins now must be over; a day is as long as it wants.
    var deadline: ContinuousClock.Instant {
        .now + (options.queryTimeout > .zero ? options.queryTimeout : .seconds(86_400))
    }

    /// Asks the server in use, within the time of a query.
    ///
    /// - Parameters:
    ///   - deadline: nil for a query that begins now.
    ///   - row: reads one row.
    func rows<Row: Sendable>(
        _ statement: String,
        by deadline: ContinuousClock.Instant? = nil,
        _ row: (inout RowReader) throws(RowReader.Damaged) -> Row
    ) async throws -> [Row] {
        let limit = ContinuousClock.now.duration(to: deadline ?? self.deadline)
        guard limit > .zero else { throw SpanStoreError.timeout }
        do {
            let bytes = try await servers.perform { host, abilities in
                try await host.run(
                    statement,
                    settings: abilities.settings(forQueryOf: limit),
                    timeout: limit
                )
            }
            var reader = RowReader(bytes)
            var rows: [Row] = []
            while !reader.isAtEnd { rows.append(try row(&reader)) }
            return rows
        } catch let failure as ClickHouseFailure {
            throw failure.storeError
        } catch is RowReader.Damaged {
            throw SpanStoreError.unavailable("ClickHouse's answer cannot be read")
        }
    }
}
