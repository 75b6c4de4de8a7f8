// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The tables, as statements for a server.
///
/// `otel_traces` and `otel_traces_trace_id_ts` are those of the OpenTelemetry Collector's ClickHouse exporter, so that
/// what reads its tables reads ours; `otel_traces` has two columns more, for our searches. `wingbeat_spans` keeps each
/// span whole, sorted by trace: docs/decisions says why. Servers that do not know the exporter's types get the same
/// columns in plain ones.
///
/// Source: opentelemetry-collector-contrib, `exporter/clickhouseexporter/example/default_ddl/traces.sql`.
struct Schema {
    let address: ClickHouseAddress
    /// What the server knows.
    let abilities: ServerAbilities

    /// Our tables, besides the view.
    enum Table: String, CaseIterable {
        case traces = "otel_traces"
        case spans = "wingbeat_spans"
        case names = "wingbeat_names"
        case rollups = "wingbeat_rollups"
    }

    /// Everything that has to be there, in order; each statement may be repeated.
    var statements: [String] {
        ["CREATE DATABASE IF NOT EXISTS \(SQL.name(address.database))"]
            + (abilities.isModern ? openTelemetryTables : [plainTraces])
            + [spans, names, rollups]
            + (address.cluster == nil ? [] : Table.allCases.map(distributed))
    }

    /// The table in which this server keeps its own rows: what is inserted into.
    static func local(_ table: Table, in address: ClickHouseAddress) -> String {
        name(table.rawValue, in: address)
    }

    /// The table that shows the rows of all shards: what is read.
    static func all(_ table: Table, in address: ClickHouseAddress) -> String {
        address.cluster == nil ? local(table, in: address) : name("wingbeat_all_\(table.rawValue)", in: address)
    }

    private static func name(_ table: String, in address: ClickHouseAddress) -> String {
        "\(SQL.name(address.database)).\(SQL.name(table))"
    }

    private func create(_ table: Table, _ columns: String, engine: String, _ rest: String) -> String {
        """
        CREATE TABLE IF NOT EXISTS \(Self.local(table, in: address)) (\(columns)) \
        ENGINE = \(self.engine(engine, table.rawValue)) \(rest) SETTINGS index_granularity = 8192\(deduplication)
        """
    }

    /// With a cluster, the engine that replicates; the servers' macros say which shard and which replica they are.
    private func engine(_ kind: String, _ table: String) -> String {
        guard address.cluster != nil else { return "\(kind)()" }
        let path = SQL.text("/clickhouse/tables/{shard}/\(address.database)/\(table)")
        return "Replicated\(kind)(\(path), '{replica}')"
    }

    /// How many of the last inserts a table knows, so that one that is repeated after an outage counts once.
    private var deduplication: String {
        if address.cluster != nil { return ", replicated_deduplication_window = 10000" }
        return abilities.isModern ? ", non_replicated_deduplication_window = 10000" : ""
    }

    private func distributed(_ table: Table) -> String {
        """
        CREATE TABLE IF NOT EXISTS \(Self.all(table, in: address)) AS \(Self.local(table, in: address)) \
        ENGINE = Distributed(\(SQL.name(address.cluster ?? "")), \(SQL.name(address.database)), \
        \(SQL.name(table.rawValue)))
        """
    }
}

extension Schema {
    private var openTelemetryTables: [String] { [traces, addedColumns, traceTimes, traceTimesView] }

    private var traces: String {
        create(
            .traces,
            """
            Timestamp DateTime64(9) CODEC(Delta, ZSTD(1)), TraceId String CODEC(ZSTD(1)),
            SpanId String CODEC(ZSTD(1)), ParentSpanId String CODEC(ZSTD(1)), TraceState String CODEC(ZSTD(1)),
            SpanName LowCardinality(String) CODEC(ZSTD(1)), SpanKind LowCardinality(String) CODEC(ZSTD(1)),
            ServiceName LowCardinality(String) CODEC(ZSTD(1)),
            ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
            ScopeName String CODEC(ZSTD(1)), ScopeVersion String CODEC(ZSTD(1)),
            SpanAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)), Duration UInt64 CODEC(ZSTD(1)),
            StatusCode LowCardinality(String) CODEC(ZSTD(1)), StatusMessage String CODEC(ZSTD(1)),
            Events Nested (Timestamp DateTime64(9), Name LowCardinality(String),
                Attributes Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
            Links Nested (TraceId String, SpanId String, TraceState String,
                Attributes Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
            INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
            INDEX idx_res_attr_key mapKeys(ResourceAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
            INDEX idx_res_attr_value mapValues(ResourceAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
            INDEX idx_span_attr_key mapKeys(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
            INDEX idx_span_attr_value mapValues(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
            INDEX idx_duration Duration TYPE minmax GRANULARITY 1
            """,
            engine: "MergeTree",
            "PARTITION BY toDate(Timestamp) ORDER BY (ServiceName, SpanName, toDateTime(Timestamp))"
        )
    }

    /// A statement of its own, for the table may have been made by OpenTelemetry's collector.
    private var addedColumns: String {
        """
        ALTER TABLE \(Self.local(.traces, in: address)) \
        ADD COLUMN IF NOT EXISTS WingbeatRemoteService LowCardinality(String) CODEC(ZSTD(1)), \
        ADD COLUMN IF NOT EXISTS WingbeatWords Array(String) CODEC(ZSTD(1)), \
        ADD INDEX IF NOT EXISTS idx_wingbeat_words WingbeatWords TYPE bloom_filter(0.01) GRANULARITY 1
        """
    }

    private var traceTimes: String {
        """
        CREATE TABLE IF NOT EXISTS \(Self.name("otel_traces_trace_id_ts", in: address)) (
            TraceId String CODEC(ZSTD(1)), Start DateTime CODEC(Delta, ZSTD(1)), End DateTime CODEC(Delta, ZSTD(1)),
            INDEX idx_trace_id TraceId TYPE bloom_filter(0.01) GRANULARITY 1
        ) ENGINE = \(engine("MergeTree", "otel_traces_trace_id_ts")) PARTITION BY toDate(Start) \
        ORDER BY (TraceId, Start) SETTINGS index_granularity = 8192\(deduplication)
        """
    }

    private var traceTimesView: String {
        """
        CREATE MATERIALIZED VIEW IF NOT EXISTS \(Self.name("otel_traces_trace_id_ts_mv", in: address)) \
        TO \(Self.name("otel_traces_trace_id_ts", in: address)) \
        AS SELECT TraceId, min(Timestamp) AS Start, max(Timestamp) AS End \
        FROM \(Self.local(.traces, in: address)) WHERE TraceId != '' GROUP BY TraceId
        """
    }

    /// The same columns with nanoseconds as numbers and each map as a list of keys and one of values; those of events
    /// and links are JSON.
    private var plainTraces: String {
        create(
            .traces,
            """
            Timestamp Int64, TraceId String, SpanId String, ParentSpanId String, TraceState String, SpanName String,
            SpanKind String, ServiceName String, `ResourceAttributes.Keys` Array(String),
            `ResourceAttributes.Values` Array(String), ScopeName String, ScopeVersion String,
            `SpanAttributes.Keys` Array(String), `SpanAttributes.Values` Array(String), Duration UInt64,
            StatusCode String, StatusMessage String, `Events.Timestamp` Array(Int64), `Events.Name` Array(String),
            `Events.Attributes` Array(String), `Links.TraceId` Array(String), `Links.SpanId` Array(String),
            `Links.TraceState` Array(String), `Links.Attributes` Array(String),
            WingbeatRemoteService String, WingbeatWords Array(String)
            """,
            engine: "MergeTree",
            """
            PARTITION BY toDate(toDateTime(intDiv(Timestamp, 1000000000))) \
            ORDER BY (ServiceName, SpanName, intDiv(Timestamp, 1000000000))
            """
        )
    }

    /// `Hash` is of `Span`, so that a span that was posted twice is kept once.
    private var spans: String {
        create(
            .spans,
            """
            TraceLow UInt64, TraceHigh UInt64, SpanId UInt64, Hash UInt64, Day Date, Start Int64, Received Int64,
            Span String\(abilities.isModern ? " CODEC(ZSTD(1))" : "")
            """,
            engine: "ReplacingMergeTree",
            "PARTITION BY Day ORDER BY (TraceLow, TraceHigh, SpanId, Hash)"
        )
    }

    private var names: String {
        create(
            .names,
            "Kind UInt8, Service String, Name String, Spelling String",
            engine: "ReplacingMergeTree",
            "ORDER BY (Kind, Service, Name, Spelling)"
        )
    }

    /// `Batch` makes the rows of one call of ``RollupStore/add(_:)`` different from those of any other, so that a row
    /// that is inserted again is kept once.
    private var rollups: String {
        create(
            .rollups,
            """
            Kind UInt8, Minute Int64, Service String, Name String, Batch UInt64, Calls Int64, Errors Int64,
            Durations String
            """,
            engine: "ReplacingMergeTree",
            "PARTITION BY intDiv(Minute, 1440) ORDER BY (Kind, Minute, Service, Name, Batch)"
        )
    }
}
