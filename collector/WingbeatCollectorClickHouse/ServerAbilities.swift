// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What a server knows, as it says itself.
struct ServerAbilities: Sendable {
    /// True when it knows the types of OpenTelemetry's tables (DateTime64, Map, LowCardinality).
    let isModern: Bool
    /// Those of the settings that we would use that it has.
    let settings: Set<String>

    private static let wanted = [
        "async_insert", "cancel_http_readonly_queries_on_client_close", "insert_deduplicate",
        "insert_deduplication_token", "max_partitions_per_insert_block",
    ]

    /// Asks a server.
    init(of host: ClickHouseHost, timeout: Duration) async throws {
        let types = try await host.run(
            "SELECT toInt64(count()) FROM system.data_type_families WHERE name IN ('DateTime64', 'Map') FORMAT RowBinary",
            timeout: timeout
        )
        var reader = RowReader(types)
        isModern = try reader.number(Int64.self) == 2
        let list = Self.wanted.map(SQL.text).joined(separator: ", ")
        let rows = try await host.run(
            "SELECT name FROM system.settings WHERE name IN (\(list)) FORMAT RowBinary",
            timeout: timeout
        )
        reader = RowReader(rows)
        var settings: Set<String> = []
        while !reader.isAtEnd { settings.insert(try reader.text()) }
        self.settings = settings
    }

    /// Those settings that the server has.
    func known(_ settings: [(name: String, value: String)]) -> [(name: String, value: String)] {
        settings.filter { self.settings.contains($0.name) }
    }

    /// What an insert is made with: at once, whole, and recognised when it comes again.
    func settings(forInsert token: String) -> [(name: String, value: String)] {
        known([
            ("async_insert", "0"), ("insert_deduplicate", "1"), ("insert_deduplication_token", token),
            ("max_partitions_per_insert_block", "0"),
        ])
    }

    /// What a query is made with: it changes nothing, and ends with its time or its connection.
    func settings(forQueryOf limit: Duration) -> [(name: String, value: String)] {
        let seconds = max(1, limit.components.seconds)  // old servers know whole ones only; zero would be no limit
        return [("readonly", "2"), ("max_execution_time", "\(seconds)")]
            + known([("cancel_http_readonly_queries_on_client_close", "1")])
    }
}
