// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatCollector
public import WingbeatModel

extension ClickHouseSpanStore {
    /// The spans of a trace.
    public func trace(_ id: TraceID) async throws -> [SpanRecord] {
        try await traces(withLowIDs: [id.low], by: deadline).first {
            $0.first.map { key(of: $0.traceID) } == key(of: id)
        } ?? []
    }

    /// The traces that match, newest first.
    ///
    /// The server names traces that may match, the newest first, and their spans decide. They are read a few at a time,
    /// until there are as many traces as asked for, or ``SpanStoreOptions/maximumAnswerSpans``.
    public func traces(matching query: TraceQuery) async throws -> [[SpanRecord]] {
        guard options.searchEnabled else { return [] }
        var search = TraceSearch(query, maximumSpans: options.maximumAnswerSpans)
        let deadline = deadline
        var offset = 0
        let size = min(max(query.limit, 50), 500)
        while !search.isComplete {
            let candidates = try await candidates(for: query, offset: offset, limit: size, by: deadline)
            for candidate in candidates.chunks(of: Self.tracesAtOnce) where !search.isComplete {
                try await look(at: candidate, for: &search, by: deadline)
            }
            guard candidates.count == size else { break }
            offset += size
        }
        return search.traces
    }

    /// How many traces are read together.
    private static let tracesAtOnce = 50

    private func look(
        at candidates: ArraySlice<(id: TraceID, start: Int64)>,
        for search: inout TraceSearch,
        by deadline: ContinuousClock.Instant
    ) async throws {
        let new = Set(candidates.map(\.id).filter { search.mustLook(at: $0) })
        for trace in try await traces(withLowIDs: new.map(\.low), by: deadline) {
            // There may be other traces with the same lower half.
            if let id = trace.first?.traceID, new.contains(key(of: id)) { search.add(trace) }
        }
        if let last = candidates.last { search.cursor = last.start }
    }

    private func candidates(
        for query: TraceQuery,
        offset: Int,
        limit: Int,
        by deadline: ContinuousClock.Instant
    ) async throws -> [(id: TraceID, start: Int64)] {
        let statement = try await servers.perform { [options, address] _, abilities in
            SearchStatement(query: query, isStrict: options.strictTraceID, address: address, abilities: abilities)
                .page(offset: offset, limit: limit)
        }
        return try await rows(statement, by: deadline) { reader throws(RowReader.Damaged) in
            (try reader.text(), try reader.number(Int64.self))
        }.compactMap { hex, start in TraceID(hex: hex).map { (key(of: $0), start) } }
    }

    /// What tells traces apart.
    private func key(of id: TraceID) -> TraceID {
        options.strictTraceID ? id : TraceID(high: 0, low: id.low) ?? id
    }

    /// All traces with these lower halves of their ids.
    private func traces(
        withLowIDs ids: [UInt64],
        by deadline: ContinuousClock.Instant
    ) async throws -> [[SpanRecord]] {
        guard !ids.isEmpty else { return [] }
        let list = ids.map { "toUInt64(\($0))" }.joined(separator: ", ")
        let spans = try await rows(
            """
            SELECT TraceHigh, TraceLow, Span FROM \(Schema.all(.spans, in: address)) \
            WHERE TraceLow IN (\(list)) ORDER BY Received FORMAT RowBinary
            """,
            by: deadline
        ) { reader throws(RowReader.Damaged) in
            let id = TraceID(high: try reader.number(), low: try reader.number())
            let packed = try reader.data()
            // A damaged span costs itself, not the query.
            return id.flatMap { try? SpanBlob.unpack(packed, of: $0) } ?? []
        }.joined()
        return grouped(spans)
    }

    /// Each span once, for a client that repeats a post sends it twice; in the order in which they came.
    private func grouped(_ spans: some Sequence<SpanRecord>) -> [[SpanRecord]] {
        var traces: [[SpanRecord]] = []
        var positions: [TraceID: Int] = [:]
        var seen: Set<SpanRecord> = []
        for span in spans where seen.insert(span).inserted {
            if let position = positions[key(of: span.traceID)] {
                traces[position].append(span)
            } else {
                positions[key(of: span.traceID)] = traces.count
                traces.append([span])
            }
        }
        return traces
    }
}

/// Looks at one page of candidates after the other until the newest matching traces are certain.
private struct TraceSearch {
    private let query: TraceQuery
    private let maximumSpans: Int
    private var seen: Set<TraceID> = []
    private var found: [(timestamp: Int64, spans: [SpanRecord])] = []
    /// The start of the last candidate.
    var cursor = Int64.max

    init(_ query: TraceQuery, maximumSpans: Int) {
        self.query = query
        self.maximumSpans = maximumSpans
    }

    /// Candidates come newest first, and a trace begins before its spans: once enough traces, or spans, are found that
    /// began after the last candidate, no other can be newer.
    var isComplete: Bool {
        let certain = found.lazy.filter { $0.timestamp >= cursor }
        return certain.count >= query.limit || certain.map(\.spans.count).reduce(0, +) >= maximumSpans
    }

    var traces: [[SpanRecord]] {
        var spans = 0
        return found.sorted { $0.timestamp > $1.timestamp }
            .prefix(query.limit)
            .prefix { trace in
                defer { spans += trace.spans.count }
                return spans < maximumSpans
            }
            .map(\.spans)
    }

    mutating func mustLook(at id: TraceID) -> Bool { seen.insert(id).inserted }

    mutating func add(_ spans: [SpanRecord]) {
        guard query.matches(spans), let timestamp = TraceQuery.timestamp(of: spans) else { return }
        found.append((timestamp, spans))
    }
}

extension Array {
    /// The elements in their order, so many at a time.
    fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
