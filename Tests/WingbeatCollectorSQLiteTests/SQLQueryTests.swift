// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatModel

@testable import WingbeatCollectorSQLite

/// A fake store: an array of spans in batches of two, which notes what it was asked for.
private final class ArrayScan: SpanScan, @unchecked Sendable {
    let spans: [SpanRecord]
    private(set) var asked: [SpanBounds] = []

    init(_ spans: [SpanRecord]) {
        self.spans = spans
    }

    func batches(within bounds: SpanBounds, _ budget: QueryBudget) -> () throws -> [SpanRecord]? {
        asked.append(bounds)
        var rest = spans[...]
        return {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(2) }
            return Array(rest.prefix(2))
        }
    }
}

@Suite("SQL over spans")
struct SQLQueryTests {
    private let scan = ArrayScan([everySpanPart] + newTrace())

    private func rows(_ statement: String, _ limits: SQLLimits = SQLLimits()) throws -> [[SQLValue]] {
        try SQLQuery(statement: statement, limits: limits).run(over: scan, QueryBudget(timeout: .zero)).rows
    }

    private func mistake(_ statement: String) -> SQLMistake? {
        do {
            _ = try rows(statement)
            return nil
        } catch {
            return error as? SQLMistake
        }
    }

    @Test("a span's row has every part of it, numbers as numbers")
    func span() throws {
        let answer = try SQLQuery(statement: "SELECT * FROM spans WHERE trace_id LIKE '%3' ", limits: SQLLimits())
            .run(over: scan, QueryBudget(timeout: .zero))
        #expect(
            answer.columns == [
                "trace_id", "span_id", "service", "start", "duration", "parent_id", "name", "kind", "status", "message",
                "error", "remote_service", "scope", "scope_version", "trace_state", "shared", "debug", "attributes",
                "resource",
            ]
        )
        let span = everySpanPart
        #expect(answer.rows.count == 1)
        #expect(
            answer.rows.first?.prefix(17) == [
                .text("00000000000000050000000000000003"), .text("fedcba9876543210"), .text("backend"),
                .integer(Int64(span.startNanoseconds)), .integer(350_001), .text("000000000000004d"), .text("GET /Ä"),
                .text("producer"), .text("error"), .text("broken 💔"), .integer(1), .text("db"), .text("lib"),
                .text("1"), .text("a=1"), .integer(1), .integer(1),
            ]
        )
        #expect(answer.rows.first?.last == .text(#"{"service.version":"1.2"}"#))
    }

    @Test("events, links and attributes have rows of their own")
    func otherTables() throws {
        let own = "WHERE span_id = 'fedcba9876543210'"
        #expect(
            try rows("SELECT name, attributes FROM events \(own)") == [
                [.text("event"), .text(#"{"k":1}"#)], [.text(""), .text("{}")],
            ]
        )
        #expect(
            try rows("SELECT linked_span_id, trace_state, attributes FROM links \(own)") == [
                [.text("fedcba9876543210"), .text("b=2"), .text(#"{"why":"batch"}"#)]
            ]
        )
        #expect(
            try rows("SELECT key, value, type, source FROM attributes \(own) AND type <> 'map' AND type <> 'array'")
                == [
                    [.text("text"), .text("a\0b"), .text("string"), .text("span")],
                    [.text("yes"), .integer(1), .text("bool"), .text("span")],
                    [.text("no"), .integer(0), .text("bool"), .text("span")],
                    [.text("int"), .integer(.min), .text("int"), .text("span")],
                    [.text("double"), .real(-0.5), .text("double"), .text("span")],
                    [.text(""), .text(""), .text("string"), .text("span")],
                    [.text("bytes"), .text("AP8="), .text("bytes"), .text("span")],
                    [.text("service.version"), .text("1.2"), .text("string"), .text("resource")],
                    [.text("s"), .integer(1), .text("int"), .text("scope")],
                ]
        )
    }

    @Test("traces are summed up")
    func traces() throws {
        #expect(
            try rows("SELECT spans, errors, services, root_service, root_name, duration FROM traces ORDER BY spans")
                == [
                    [.integer(1), .integer(1), .integer(1), .null, .null, .integer(350_001)],
                    [.integer(4), .integer(1), .integer(2), .text("frontend"), .text("get"), .integer(350_000)],
                ]
        )
    }

    @Test("what bounds a scan is told to the store, through views and joins, too")
    func pushdown() throws {
        let trace = TraceID(hex: "1")
        _ = try rows("SELECT count(*) FROM spans WHERE trace_id = '0000000000000001'")
        _ = try rows("SELECT * FROM traces WHERE trace_id = '0000000000000001'")
        _ = try rows("SELECT * FROM spans WHERE service = 'Frontend' AND start >= 5000 AND start < 9999")
        _ = try rows("SELECT * FROM attributes WHERE start = 7000")
        #expect(
            scan.asked == [
                SpanBounds(trace: trace), SpanBounds(trace: trace), SpanBounds(service: "frontend", starts: 5...9),
                SpanBounds(starts: 7...7),
            ]
        )
    }

    @Test("a statement without bounds, or with others, reads everything")
    func noPushdown() throws {
        let statements = [
            "SELECT 1 FROM spans", "SELECT 1 FROM spans WHERE trace_id > '1'",
            "SELECT 1 FROM spans WHERE service = 'FRONTEND' COLLATE NOCASE", "SELECT 1 FROM spans WHERE start < 'text'",
        ]
        for statement in statements { _ = try rows(statement) }
        #expect(scan.asked == statements.map { _ in SpanBounds() })
        #expect(try rows(statements[2]).count == 2)
    }

    @Test(
        "what cannot be is not looked for",
        arguments: ["trace_id = 'x'", "start = NULL", "start > 9000 AND start < 5000"]
    )
    func impossible(condition: String) throws {
        #expect(try rows("SELECT 1 FROM spans WHERE \(condition)").isEmpty)
        #expect(scan.asked.isEmpty)
    }

    @Test(
        "a statement that does more than read is refused",
        arguments: [
            "DELETE FROM spans", "CREATE TABLE t (a)", "PRAGMA cache_size = 1", "ATTACH '/tmp/x' AS x", "BEGIN",
            "VACUUM",
            "SELECT load_extension('x')", "INSERT INTO spans (name) VALUES ('x')", "SELECT 1; DROP VIEW traces", "",
            " ; ",
            "SELECT * FROM pragma_database_list", "CREATE TEMP TABLE t AS SELECT 1", "DROP VIEW traces",
        ]
    )
    func refused(statement: String) {
        #expect(mistake(statement) != nil)
    }

    @Test("a mistake is told with SQLite's words and its place")
    func mistakes() {
        #expect(mistake("SELECT missing FROM spans") == SQLMistake("no such column: missing", at: 7))
        #expect(mistake("SELEC 1")?.position == 0)
        #expect(mistake("SELECT 1 FROM nowhere")?.message == "no such table: nowhere")
        #expect(mistake("SELECT 1; SELECT 2") == SQLMistake("there is more than one statement", at: 9))
        #expect(mistake("SELECT 1;  \n") == nil)
    }

    @Test("an answer has as many rows and bytes as it may have, and says that there are more")
    func truncated() throws {
        var limits = SQLLimits()
        limits.rows = 2
        let query = { (limits: SQLLimits) in
            try SQLQuery(statement: "SELECT name FROM spans", limits: limits).run(
                over: scan,
                QueryBudget(timeout: .zero)
            )
        }
        #expect(try query(limits).rows.count == 2)
        #expect(try query(limits).isTruncated)
        limits.rows = 5
        #expect(try query(limits).rows.count == 5)
        #expect(try !query(limits).isTruncated)
        limits.bytes = 1
        #expect(try query(limits).rows.count == 1)
        #expect(try query(limits).isTruncated)
    }

    private static let endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    @Test("a statement without an end is ended when its time is over, or when nobody waits any more")
    func endless() {
        let query = SQLQuery(statement: Self.endless, limits: SQLLimits())
        #expect(throws: SpanStoreError.timeout) { try query.run(over: scan, QueryBudget(timeout: .milliseconds(20))) }
        let cancelled = QueryBudget(timeout: .zero)
        cancelled.cancel()
        #expect(throws: CancellationError.self) { try query.run(over: scan, cancelled) }
    }

    @Test("a text that grows without an end is refused")
    func hugeText() {
        #expect(mistake("SELECT zeroblob(1000000000)") == SQLMistake("string or blob too big"))
        // Since version 3.41 SQLite says so; before, the text is nothing.
        let printed = SQLQuery(statement: "SELECT printf('%.*c', 100000000, 'x')", limits: SQLLimits())
        let answer = try? printed.run(over: scan, QueryBudget(timeout: .zero))
        #expect(answer == nil || answer?.rows == [[.null]])
    }
}
