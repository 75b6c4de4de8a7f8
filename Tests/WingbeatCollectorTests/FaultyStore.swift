// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatCollector
import WingbeatModel

/// A fake store that does one thing wrong, as stores have done.
final class FaultyStore: SpanStore {
    enum Fault: CaseIterable {
        case none
        case ignoresCriteria, ignoresEnd, ignoresStart, ignoresLimit, ignoresService
        case oldestFirst, keepsDuplicates, mergesFragments, limitsSpans, cutsTags, comparesCase
        case matchesPrefixes, matchesTagsOfOthers, durationOfTrace, durationOfFirstFragment, excludesEnds
        case groupsByLowerBits, alwaysStrict, filesNamesUnderRemote, forgetsRemotes, listsRemotesAsServices
        case listsAnyTag, searchesWhenDisabled, hidesTracesWhenDisabled, forgetsSharedFlag, roundsToMicroseconds
        case replacesRollups, roundsRollupWindows, countsNothing, tracesTwice, neverFull, findsStartless, matchesOneSpan
        case searchesBackwards, searchesOn, searchesWithoutNegation
    }

    private let options: SpanStoreOptions
    private let inner: InMemorySpanStore
    private let fault: Fault
    private let extra = Mutex<[SpanRecord]>([])

    init(_ fault: Fault, _ options: SpanStoreOptions) {
        var changed = options
        switch fault {
        case .groupsByLowerBits: changed.strictTraceID = false
        case .alwaysStrict: changed.strictTraceID = true
        case .listsAnyTag: changed.autocompleteKeys.formUnion(["http.path", "http.method"])
        case .searchesWhenDisabled: changed.searchEnabled = true
        case .neverFull: changed.maximumAnswerSpans = .max
        default: break
        }
        self.fault = fault
        self.options = options
        inner = InMemorySpanStore(options: changed)
    }

    func accept(_ spans: [SpanRecord]) async throws {
        if fault == .keepsDuplicates { extra.withLock { $0 += spans } }
        try await inner.accept(spans.map(damaged))
    }

    func search(
        _ request: SearchRequest,
        _ take: @escaping @Sendable (SearchStep) -> Bool
    ) async throws -> SearchEnd {
        var request = request
        if self.fault == .searchesWithoutNegation, case .not = request.expression { request.expression = .everything }
        let steps = Mutex<[SearchStep]>([])
        let end = try await PlainReader(store: self).search(request) { step in
            if self.fault == .searchesBackwards {
                steps.withLock { $0.insert(step, at: 0) }
                return true
            }
            return take(step) || self.fault == .searchesOn
        }
        for step in steps.withLock({ $0 }) where !take(step) { break }
        return end
    }

    private func damaged(_ span: SpanRecord) -> SpanRecord {
        var span = span
        switch fault {
        case .forgetsSharedFlag: span.isShared = false
        case .roundsToMicroseconds: span.startNanoseconds = span.startNanoseconds / 1000 * 1000
        case .cutsTags:
            for index in span.attributes.indices {
                if case .string(let text) = span.attributes[index].value {
                    span.attributes[index].value = .string(String(text.prefix(1024)))
                }
            }
        default: break
        }
        return span
    }

    func services() async throws -> [String] {
        let names = try await inner.services()
        guard fault == .listsRemotesAsServices else { return names }
        var all = Set(names)
        for name in names { all.formUnion(try await inner.remoteServices(ofService: name)) }
        return all.sorted()
    }

    func spanNames(ofService service: String) async throws -> [String] {
        if fault == .comparesCase, service != service.lowercased() { return [] }
        let names = try await inner.spanNames(ofService: service)
        guard fault == .filesNamesUnderRemote, names.isEmpty else { return names }
        return try await inner.spanNames(ofService: "frontend")
    }

    func remoteServices(ofService service: String) async throws -> [String] {
        let names = try await inner.remoteServices(ofService: service)
        return fault == .forgetsRemotes ? Array(names.prefix(50)) : names
    }

    func tagValues(forKey key: String) async throws -> [String] { try await inner.tagValues(forKey: key) }

    func trace(_ id: TraceID) async throws -> [SpanRecord] {
        if fault == .hidesTracesWhenDisabled, !options.searchEnabled { return [] }
        let spans = try await inner.trace(id)
        switch fault {
        case .keepsDuplicates: return extra.withLock { $0.filter { $0.traceID == id } }
        case .mergesFragments: return merged(spans)
        default: return spans
        }
    }

    private func merged(_ spans: [SpanRecord]) -> [SpanRecord] {
        var seen: Set<SpanID> = []
        return spans.filter { seen.insert($0.id).inserted }
    }

    func traces(matching query: TraceQuery) async throws -> [[SpanRecord]] {
        let all = try await inner.traces(matching: wider(query))
        let traces = all.filter { matches($0, query) }
        switch fault {
        case .oldestFirst: return Array(traces.reversed().prefix(query.limit))
        case .ignoresLimit: return traces
        case .limitsSpans: return traces.prefix(query.limit).map { Array($0.prefix(query.limit)) }
        case .mergesFragments: return traces.prefix(query.limit).map(merged)
        case .tracesTwice: return Array((traces + traces).prefix(query.limit))
        case .findsStartless: return try await withStartless(traces, query)
        default: return Array(traces.prefix(query.limit))
        }
    }

    private func withStartless(_ traces: [[SpanRecord]], _ query: TraceQuery) async throws -> [[SpanRecord]] {
        let id = TraceID(high: 0, low: 1) ?? .smallest
        let spans = try await inner.trace(id)
        return spans.contains { $0.startNanoseconds > 0 } || spans.isEmpty ? traces : traces + [spans]
    }

    /// A search for everything in the window, whose answer is searched here.
    private func wider(_ query: TraceQuery) -> TraceQuery {
        let start = fault == .ignoresStart ? 0 : query.window.lowerBound
        let end = query.window.upperBound + (fault == .ignoresEnd ? 86_400_000_000 : 0)
        return TraceQuery(
            serviceName: nil,
            spanName: nil,
            annotations: [:],
            durations: nil,
            window: start...end,
            limit: 10_000
        )
    }

    private func matches(_ spans: [SpanRecord], _ query: TraceQuery) -> Bool {
        let own = spans.filter { query.serviceName == nil || $0.serviceName?.lowercased() == query.serviceName }
        let isOfService = query.serviceName == nil || !own.isEmpty
        let candidates = fault == .ignoresService ? spans : own
        switch fault {
        case .ignoresCriteria: return isOfService
        case .excludesEnds:
            let start = TraceQuery.timestamp(of: spans) ?? 0
            guard start > query.window.lowerBound, start < query.window.upperBound else { return false }
        case .matchesPrefixes:
            if let service = query.serviceName {
                return spans.contains { ($0.serviceName ?? "").lowercased().hasPrefix(service) }
            }
        case .matchesOneSpan: return candidates.contains { span in query.criteria.allSatisfy { $0.isMet(by: span) } }
        default: break
        }
        return isOfService && query.criteria.allSatisfy { meets($0, candidates: candidates, all: spans) }
    }

    private func meets(_ criterion: SpanCriterion, candidates: [SpanRecord], all: [SpanRecord]) -> Bool {
        switch (criterion, fault) {
        case (.tag, .matchesTagsOfOthers), (.word, .matchesTagsOfOthers): all.contains { criterion.isMet(by: $0) }
        case (.duration, .durationOfTrace): all.contains { criterion.isMet(by: $0) }
        case (.duration, .durationOfFirstFragment): candidates.first.map { criterion.isMet(by: $0) } ?? false
        default: candidates.contains { criterion.isMet(by: $0) }
        }
    }

    func add(_ rollups: [Rollup]) async throws {
        guard fault == .replacesRollups else { return try await inner.add(rollups) }
        let window: ClosedRange<Int64> = 0...Int64.max
        let held = try await inner.rollups(.operation, in: window) + inner.rollups(.link, in: window)
        let isThere = { (new: Rollup) in held.contains { $0.name == new.name && $0.kind == new.kind } }
        try await inner.add(rollups.filter { !isThere($0) })
    }

    func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) async throws -> [Rollup] {
        guard fault == .roundsRollupWindows else { return try await inner.rollups(kind, in: window) }
        let end = max(window.upperBound - 60_000_000, 0)
        return try await inner.rollups(kind, in: min(window.lowerBound, end)...end)
    }

    func check() async throws {}

    func status() async throws -> SpanStoreStatus {
        fault == .countsNothing ? SpanStoreStatus() : try await inner.status()
    }
}

/// Searches as a store does that has no search of its own.
private struct PlainReader: TraceReader {
    let store: FaultyStore

    func services() async throws -> [String] { [] }
    func spanNames(ofService service: String) async throws -> [String] { [] }
    func remoteServices(ofService service: String) async throws -> [String] { [] }
    func tagValues(forKey key: String) async throws -> [String] { [] }
    func trace(_ id: TraceID) async throws -> [SpanRecord] { [] }
    func traces(matching query: TraceQuery) async throws -> [[SpanRecord]] { try await store.traces(matching: query) }
}
