// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

/// The rollups in the catalog.
enum RollupTable {
    /// Adds the numbers to those that are there: all or, when it throws, none.
    static func add(_ rollups: [Rollup], to connection: Connection) throws(SpanStoreError) {
        try connection.transaction { () throws(SpanStoreError) in
            for rollup in rollups {
                var calls = rollup.calls
                if let known = try Self.calls(of: rollup, in: connection) { calls.add(known) }
                try write(rollup, calls, to: connection)
            }
        }
    }

    /// The rollups of the minutes that touch a span of time, oldest first.
    static func read(
        _ kind: Rollup.Kind,
        in window: ClosedRange<Int64>,
        from connection: Connection
    ) throws(SpanStoreError) -> [Rollup] {
        let statement = try connection.statement(
            """
            SELECT minute, service, name, count, errors, durations FROM rollup
            WHERE kind = ? AND minute BETWEEN ? AND ? ORDER BY minute, service, name
            """
        )
        defer { statement.reset() }
        statement.bind(1, Int64(kind.rawValue))
        statement.bind(2, window.lowerBound / 60_000_000)
        statement.bind(3, window.upperBound / 60_000_000)
        var rollups: [Rollup] = []
        while try statement.step() {
            rollups.append(
                Rollup(
                    kind,
                    minute: statement.integer(0),
                    service: statement.text(1),
                    name: statement.text(2),
                    calls: calls(statement, from: 3)
                )
            )
        }
        return rollups
    }

    /// Removes those of minutes before one and, while the catalog takes more than so many bytes, the oldest hour.
    static func trim(before minute: Int64, maximumBytes: Int64, in connection: Connection) throws(SpanStoreError) {
        try remove(before: minute, from: connection)
        while try usedBytes(of: connection) > maximumBytes,
            let oldest = try number("SELECT min(minute) FROM rollup", in: connection)
        {
            let (next, overflow) = oldest.addingReportingOverflow(60)
            try remove(before: overflow ? .max : next, from: connection)
            if overflow { return }
        }
    }

    private static func usedBytes(of connection: Connection) throws(SpanStoreError) -> Int64 {
        let pages = try number("PRAGMA page_count", in: connection) ?? 0
        let free = try number("PRAGMA freelist_count", in: connection) ?? 0
        return (pages - free) * (try number("PRAGMA page_size", in: connection) ?? 0)
    }

    private static func number(_ sql: String, in connection: Connection) throws(SpanStoreError) -> Int64? {
        let statement = try connection.statement(sql)
        defer { statement.reset() }
        return try statement.step() && !statement.isNull(0) ? statement.integer(0) : nil
    }

    /// Removes those of minutes before one.
    private static func remove(before minute: Int64, from connection: Connection) throws(SpanStoreError) {
        for kind in [Rollup.Kind.operation, .link] {
            let statement = try connection.statement("DELETE FROM rollup WHERE kind = ? AND minute < ?")
            statement.bind(1, Int64(kind.rawValue))
            statement.bind(2, minute)
            try statement.run()
        }
    }

    private static func calls(of rollup: Rollup, in connection: Connection) throws(SpanStoreError) -> CallStatistics? {
        let statement = try connection.statement(
            "SELECT count, errors, durations FROM rollup WHERE kind = ? AND minute = ? AND service = ? AND name = ?"
        )
        defer { statement.reset() }
        statement.bind(1, Int64(rollup.kind.rawValue))
        statement.bind(2, rollup.minute)
        statement.bind(3, rollup.service)
        statement.bind(4, rollup.name)
        return try statement.step() ? calls(statement, from: 0) : nil
    }

    private static func write(
        _ rollup: Rollup,
        _ calls: CallStatistics,
        to connection: Connection
    ) throws(SpanStoreError) {
        let statement = try connection.statement("INSERT OR REPLACE INTO rollup VALUES (?, ?, ?, ?, ?, ?, ?)")
        statement.bind(1, Int64(rollup.kind.rawValue))
        statement.bind(2, rollup.minute)
        statement.bind(3, rollup.service)
        statement.bind(4, rollup.name)
        statement.bind(5, Int64(calls.count))
        statement.bind(6, Int64(calls.errors))
        statement.bind(7, calls.durations.bytes)
        try statement.run()
    }

    /// Damaged durations cost themselves only.
    private static func calls(_ statement: Statement, from column: Int32) -> CallStatistics {
        CallStatistics(
            count: Int(statement.integer(column)),
            errors: Int(statement.integer(column + 1)),
            durations: DurationHistogram(bytes: statement.bytes(column + 2)) ?? DurationHistogram()
        )
    }
}
