// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

/// Writes into the file of the current hour; for one thread at a time.
final class HourFileWriter {
    let file: HourFile
    private let connection: Connection
    private var nextBlock: Int64 = 1

    /// Makes a file, or opens one to go on.
    init(_ file: HourFile) throws(SpanStoreError) {
        self.file = file
        connection = try Connection(path: file.path)
        try HourSchema.prepare(connection)
        let statement = try connection.statement("SELECT max(id) FROM block")
        if try statement.step() { nextBlock = statement.integer(0) + 1 }
        statement.reset()
    }

    /// Writes blocks and what came with them in one transaction: all or, when it throws, nothing.
    func write(_ blocks: [SpanBlock.Packed], names: Names, journal: UInt64) throws(SpanStoreError) -> [BlockEntry] {
        var entries: [BlockEntry] = []
        try connection.transaction { () throws(SpanStoreError) in
            for block in blocks {
                let entry = BlockEntry(
                    id: nextBlock + Int64(entries.count),
                    starts: block.starts,
                    spans: block.count
                )
                try insert(block, entry)
                entries.append(entry)
            }
            try insert(names)
            let statement = try connection.statement("INSERT OR IGNORE INTO journal (number) VALUES (?)")
            statement.bind(1, Int64(bitPattern: journal))
            try statement.run()
        }
        nextBlock += Int64(entries.count)
        return entries
    }

    /// Moves everything out of the write-ahead log, after which the file is complete by itself.
    func close() throws(SpanStoreError) {
        try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    private func insert(_ block: SpanBlock.Packed, _ entry: BlockEntry) throws(SpanStoreError) {
        var statement = try connection.statement(
            "INSERT INTO block (id, first_start, last_start, spans) VALUES (?, ?, ?, ?)"
        )
        statement.bind(1, entry.id)
        statement.bind(2, entry.starts?.lowerBound)
        statement.bind(3, entry.starts?.upperBound)
        statement.bind(4, Int64(entry.spans))
        try statement.run()
        statement = try connection.statement("INSERT INTO block_filter (id, filter) VALUES (?, ?)")
        statement.bind(1, entry.id)
        statement.bind(2, block.filter)
        try statement.run()
        statement = try connection.statement("INSERT INTO block_bytes (id, bytes) VALUES (?, ?)")
        statement.bind(1, entry.id)
        statement.bind(2, block.bytes)
        try statement.run()
        statement = try connection.statement("INSERT OR IGNORE INTO trace (low, block) VALUES (?, ?)")
        for low in block.traces {
            statement.bind(1, Int64(bitPattern: low))
            statement.bind(2, entry.id)
            try statement.run()
        }
    }

    private func insert(_ names: Names) throws(SpanStoreError) {
        for (name, service) in names.services {
            let statement = try connection.statement(
                "INSERT INTO service VALUES (?, ?) ON CONFLICT DO UPDATE SET spans = spans + excluded.spans"
            )
            statement.bind(1, name)
            statement.bind(2, Int64(service.spans))
            try statement.run()
            for spanName in service.spanNames { try insert(spanName, .spanName, name) }
            for remote in service.remoteServices { try insert(remote, .remoteService, name) }
        }
        for (key, values) in names.tagValues {
            for value in values { try insert(value, .tagValue, key) }
        }
    }

    private func insert(_ name: String, _ kind: NameKind, _ service: String) throws(SpanStoreError) {
        let statement = try connection.statement("INSERT OR IGNORE INTO name (service, kind, name) VALUES (?, ?, ?)")
        statement.bind(1, service)
        statement.bind(2, kind.rawValue)
        statement.bind(3, name)
        try statement.run()
    }
}
