// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatCollector
public import WingbeatModel

extension SQLiteSpanStore {
    /// The names of all services, sorted.
    public func services() async throws -> [String] {
        options.searchEnabled ? names.services : []
    }

    /// The names of a service's spans, sorted.
    public func spanNames(ofService service: String) async throws -> [String] {
        options.searchEnabled ? names.spanNames(ofService: service.lowercased()) : []
    }

    /// The names of the services that a service called, sorted.
    public func remoteServices(ofService service: String) async throws -> [String] {
        options.searchEnabled ? names.remoteServices(ofService: service.lowercased()) : []
    }

    /// The values of a tag, sorted.
    public func tagValues(forKey key: String) async throws -> [String] {
        options.searchEnabled && options.autocompleteKeys.contains(key) ? names.tagValues(forKey: key) : []
    }

    /// The spans of a trace.
    public func trace(_ id: TraceID) async throws -> [SpanRecord] {
        try await queries.run { budget in
            var reader = self.reader(budget)
            return try reader.trace(id)
        }
    }

    /// The traces that match, newest first.
    public func traces(matching query: TraceQuery) async throws -> [[SpanRecord]] {
        guard options.searchEnabled else { return [] }
        return try await queries.run { budget in
            var search = TraceSearch<[SpanRecord]>(query, self.reader(budget))
            var traces: [[SpanRecord]] = []
            var spans = 0
            try search.run {
                query.matches($0) ? $0 : nil
            } take: { trace in
                traces.append(trace)
                spans += trace.count
                return traces.count < query.limit && spans < self.options.maximumAnswerSpans
            }
            return traces
        }
    }

    /// Adds the numbers to those that are kept of the same minute and the same names.
    public func add(_ rollups: [Rollup]) async throws {
        guard !rollups.isEmpty else { return }
        try await catalog.run { try RollupTable.add(rollups, to: $0) }
    }

    /// What was counted in the minutes that touch a span of time, oldest first.
    public func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) async throws -> [Rollup] {
        try await catalog.run { try RollupTable.read(kind, in: window, from: $0) }
    }

    func reader(_ budget: QueryBudget) -> StoreReader {
        StoreReader(view: view.now, source: source, budget: budget, isStrict: options.strictTraceID)
    }
}

extension SQLiteSpanStore: TracePinning {
    /// Keeps a trace whatever else is deleted.
    public func pin(_ id: TraceID) async throws {
        try await queries.run { budget in
            var reader = StoreReader(view: self.view.now, source: self.source, budget: budget, isStrict: true)
            try self.source.pins.keep(id, try reader.trace(id))
        }
    }

    /// Lets a trace go the way of all others.
    public func unpin(_ id: TraceID) async throws {
        try await queries.run { _ in try self.source.pins.forget(id) }
    }

    /// The traces that are pinned.
    public func pins() async throws -> [TraceID] { source.pins.ids }
}
