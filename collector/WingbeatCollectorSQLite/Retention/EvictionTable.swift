// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

/// How many spans of each service were deleted to make room, or because of their age.
enum EvictionTable {
    static func add(_ spans: Int, of service: String, to connection: Connection) throws(SpanStoreError) {
        let statement = try connection.statement(
            "INSERT INTO eviction VALUES (?, ?) ON CONFLICT DO UPDATE SET spans = spans + excluded.spans"
        )
        statement.bind(1, service)
        statement.bind(2, Int64(spans))
        try statement.run()
    }

    static func read(from connection: Connection) throws(SpanStoreError) -> [String: Int] {
        let statement = try connection.statement("SELECT service, spans FROM eviction")
        defer { statement.reset() }
        var spans: [String: Int] = [:]
        while try statement.step() { spans[statement.text(0)] = Int(statement.integer(1)) }
        return spans
    }
}
