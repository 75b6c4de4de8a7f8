// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// Answers queries from the tables of ``Schema``.
///
/// Sendable unchecked: each is used on one serial queue only.
final class SpanReader: @unchecked Sendable {
    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Runs the body, which throws ``SpanStoreError/timeout`` when the time is over.
    func run<Result>(until deadline: ContinuousClock.Instant, _ body: () throws -> Result) throws -> Result {
        try connection.withDeadline(deadline) {
            try connection.checkDeadline()
            return try body()
        }
    }

    func check() throws(SpanStoreError) {
        let statement = try connection.statement("SELECT count(*) FROM (SELECT id FROM fragment LIMIT 1)")
        _ = try statement.step()
    }

    func services() throws(SpanStoreError) -> [String] {
        try texts(try connection.statement("SELECT name FROM service ORDER BY name"))
    }

    func names(in table: NameTable, ofService service: String) throws(SpanStoreError) -> [String] {
        let statement = try connection.statement(
            "SELECT name FROM \(table.rawValue) WHERE service = (SELECT id FROM service WHERE name = ?) ORDER BY name"
        )
        statement.bind(1, service.lowercased())
        return try texts(statement)
    }

    func trace(_ id: TraceID) throws(SpanStoreError) -> [SpanRecord] {
        let statement = try connection.statement(
            "SELECT spans FROM fragment WHERE trace_low = ? AND trace_high = ? ORDER BY id"
        )
        statement.bind(1, Int64(bitPattern: id.low))
        statement.bind(2, Int64(bitPattern: id.high))
        var spans: [SpanRecord] = []
        while try statement.step() {
            try connection.checkDeadline()
            spans += unpack(statement.bytes(0), of: id)
        }
        return spans.withoutDuplicates
    }

    func traces(matching query: TraceQuery) throws(SpanStoreError) -> [[SpanRecord]] {
        var search = TraceSearch(query)
        let candidates = try candidates(for: query)
        while !search.isComplete, let (id, start) = try nextCandidate(candidates) {
            try connection.checkDeadline()
            guard search.mustLook(at: id, start: start) else { continue }
            search.add(try trace(id))
        }
        return search.traces
    }

    func dependencies(in window: ClosedRange<Int64>) throws(SpanStoreError) -> [DependencyLink] {
        var linker = DependencyLinker()
        let statement = try connection.statement(
            "SELECT DISTINCT trace_low FROM fragment WHERE start BETWEEN ? AND ?"
        )
        statement.bind(1, window.lowerBound)
        statement.bind(2, window.upperBound)
        while try statement.step() {
            try connection.checkDeadline()
            linker.add(try spans(withLowID: statement.integer(0)))
        }
        return linker.links
    }

    /// Services disagree on whether trace ids have 64 or 128 bits, so links are counted by the lower half.
    private func spans(withLowID low: Int64) throws(SpanStoreError) -> [SpanRecord] {
        let statement = try connection.statement("SELECT trace_high, spans FROM fragment WHERE trace_low = ?")
        statement.bind(1, low)
        var spans: [SpanRecord] = []
        while try statement.step() {
            let high = UInt64(bitPattern: statement.integer(0))
            guard let id = TraceID(high: high, low: UInt64(bitPattern: low)) else { continue }
            spans += unpack(statement.bytes(1), of: id)
        }
        return spans.withoutDuplicates
    }

    /// Fragments that may belong to a trace in the query's window, the newest first.
    ///
    /// A trace begins in the window, but the service that is asked for may join it later, or, with clocks that
    /// disagree, earlier: hence the slack.
    private func candidates(for query: TraceQuery) throws(SpanStoreError) -> Statement {
        let statement: Statement
        if let service = query.serviceName {
            statement = try connection.statement(
                """
                SELECT f.trace_low, f.trace_high, s.start
                FROM fragment_by_service s JOIN fragment f ON f.id = s.fragment
                WHERE s.service = (SELECT id FROM service WHERE name = ?3) AND s.start BETWEEN ?1 AND ?2
                ORDER BY s.start DESC
                """
            )
            statement.bind(3, service)
        } else {
            statement = try connection.statement(
                "SELECT trace_low, trace_high, start FROM fragment WHERE start BETWEEN ?1 AND ?2 ORDER BY start DESC"
            )
        }
        statement.bind(1, max(query.window.lowerBound - TraceSearch.slack, 0))
        let (latest, overflow) = query.window.upperBound.addingReportingOverflow(TraceSearch.slack)
        statement.bind(2, overflow ? .max : latest)
        return statement
    }

    private func nextCandidate(_ statement: Statement) throws(SpanStoreError) -> (TraceID, start: Int64)? {
        while try statement.step() {
            let high = UInt64(bitPattern: statement.integer(1))
            if let id = TraceID(high: high, low: UInt64(bitPattern: statement.integer(0))) {
                return (id, statement.integer(2))
            }
        }
        return nil
    }

    private func texts(_ statement: Statement) throws(SpanStoreError) -> [String] {
        var texts: [String] = []
        while try statement.step() { texts.append(statement.text(0)) }
        return texts
    }

    /// A damaged row costs its own spans, not the query.
    private func unpack(_ bytes: [UInt8], of id: TraceID) -> [SpanRecord] {
        (try? SpanBlob.unpack(bytes, of: id)) ?? []
    }
}

/// Looks at one candidate after the other until the newest matching traces are certain.
private struct TraceSearch {
    /// How far, in microseconds, a fragment may lie outside the window in which its trace began: an hour.
    static let slack: Int64 = 3_600_000_000

    private let query: TraceQuery
    private var seen: Set<TraceID> = []
    private var found: [(timestamp: Int64, spans: [SpanRecord])] = []
    private var cursor = Int64.max

    init(_ query: TraceQuery) {
        self.query = query
    }

    /// Candidates come newest first, and a trace begins before its fragments: once enough traces are found that began
    /// after the current candidate, no other can be newer.
    var isComplete: Bool {
        found.count >= query.limit && found.filter { $0.timestamp >= cursor }.count >= query.limit
    }

    var traces: [[SpanRecord]] {
        found.sorted { $0.timestamp > $1.timestamp }.prefix(query.limit).map(\.spans)
    }

    mutating func mustLook(at id: TraceID, start: Int64) -> Bool {
        cursor = start
        return seen.insert(id).inserted
    }

    mutating func add(_ spans: [SpanRecord]) {
        guard query.matches(spans), let timestamp = TraceQuery.timestamp(of: spans) else { return }
        found.append((timestamp, spans))
    }
}

extension [SpanRecord] {
    /// Each span once, in the order in which they came: a client that repeats a post sends them twice.
    fileprivate var withoutDuplicates: [SpanRecord] {
        guard count > 1 else { return self }
        var seen: Set<SpanRecord> = []
        return filter { seen.insert($0).inserted }
    }
}
