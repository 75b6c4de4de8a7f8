// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// Makes the stores with which one rule is checked.
struct ContractStores: Sendable {
    let rule: SpanStoreRule
    let make: @Sendable (SpanStoreOptions) async throws -> any SpanStore

    func empty(_ adjust: (inout SpanStoreOptions) -> Void = { _ in }) async throws -> ContractStore {
        var options = SpanStoreOptions()
        adjust(&options)
        return ContractStore(rule: rule, store: try await make(options))
    }

    func holding(
        _ spans: [SpanRecord],
        _ adjust: (inout SpanStoreOptions) -> Void = { _ in }
    ) async throws -> ContractStore {
        let subject = try await empty(adjust)
        try await subject.store.accept(spans)
        return subject
    }

    /// Sends the spans, each list as one batch, through an intake and compares the links of two days.
    func expectLinks(
        of batches: [SpanRecord]...,
        are expected: [DependencyLink],
        in window: (endTs: Int64, lookback: Int64) = (today + day, 2 * day)
    ) async throws {
        let subject = try await empty()
        let intake = SpanIntake(store: subject.store)
        for batch in batches { try await intake.accept(batch) }
        try await subject.expectLinks(of: intake, are: expected, in: window)
    }
}

/// A store and what is asked of it.
struct ContractStore: Sendable {
    let rule: SpanStoreRule
    let store: any SpanStore

    /// The search finds these traces in this order; the spans of each in any order.
    func expect(_ search: ContractSearch, finds expected: [[SpanRecord]]) async throws {
        let found = try await store.traces(matching: try search.query)
        try expect(found.map(Spans.init), is: expected.map(Spans.init), "search (\(search))")
    }

    /// The trace of an id has these spans, in any order.
    func expect(trace id: TraceID, is expected: [SpanRecord]) async throws {
        try expect(Spans(try await store.trace(id)), is: Spans(expected), "trace \(id)")
    }

    /// Of these ids these traces come, in any order.
    func expect(traces ids: [TraceID], are expected: [[SpanRecord]]) async throws {
        let found = Set(try await store.traces(ids).map(Spans.init))
        try expect(found, is: Set(expected.map(Spans.init)), "traces \(ids)")
        let count = try await store.traces(ids).count
        try expect(count, is: expected.count, "the number of traces \(ids)")
    }

    func expectLinks(
        of intake: SpanIntake,
        are expected: [DependencyLink],
        in window: (endTs: Int64, lookback: Int64) = (today + day, 2 * day)
    ) async throws {
        let microseconds = try TraceQuery.window(endTs: window.endTs, lookback: window.lookback)
        let found = try await intake.dependencies(in: microseconds).map(Link.init)
        try expect(Set(found), is: Set(expected.map(Link.init)), "links from \(microseconds)")
        try expect(found.count, is: expected.count, "the number of links from \(microseconds)")
    }

    func expect<Value: Equatable>(_ found: Value, is expected: Value, _ question: String) throws {
        guard found != expected else { return }
        let (brief, foundBrief) = ("\(expected)", "\(found)")
        throw SpanStoreViolation(
            rule: rule,
            question: question,
            expected: text(brief == foundBrief ? String(reflecting: expected) : brief),
            found: text(brief == foundBrief ? String(reflecting: found) : foundBrief)
        )
    }

    /// Not more than anybody wants to read.
    private func text(_ text: String) -> String {
        text.utf8.count > 8000 ? "\(text.prefix(4000))…" : text
    }
}

/// A search over yesterday, today and tomorrow, unless it says otherwise.
struct ContractSearch: CustomStringConvertible {
    var service: String?
    var remote: String?
    var name: String?
    var annotations: String?
    var min: Int64?
    var max: Int64?
    var endTs: Int64 = today + day
    var lookback: Int64 = 2 * day
    var limit = 100

    var query: TraceQuery {
        get throws {
            try TraceQuery(
                serviceName: service,
                remoteServiceName: remote,
                spanName: name,
                annotationQuery: annotations,
                minDuration: min,
                maxDuration: max,
                endTs: endTs,
                lookback: lookback,
                limit: limit
            )
        }
    }

    var description: String {
        let texts = [
            ("serviceName", service), ("remoteServiceName", remote), ("spanName", name),
            ("annotationQuery", annotations),
            ("minDuration", min.map { "\($0)" }), ("maxDuration", max.map { "\($0)" }),
        ]
        let given = texts.compactMap { name, value in value.map { "\(name)=\($0)" } }
        return (given + ["endTs=today+\(endTs - today)", "lookback=\(lookback)", "limit=\(limit)"]).joined(
            separator: " "
        )
    }
}

/// The spans of a trace, whatever their order, each as often as it is there.
private struct Spans: Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    private let counts: [SpanRecord: Int]

    init(_ spans: [SpanRecord]) {
        counts = spans.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    var description: String {
        let texts = counts.map { span, count in
            let name =
                "\(span.traceID)/\(span.id)\(span.isShared ? " shared" : "") \(span.serviceName ?? "-") \(span.name)"
            return count == 1 ? name : "\(count) times \(name)"
        }
        return "[\(texts.sorted().joined(separator: ", "))]"
    }

    /// All that there is to say of the spans.
    var debugDescription: String { "\(counts)" }
}

private struct Link: Hashable, CustomStringConvertible {
    let link: DependencyLink

    init(_ link: DependencyLink) {
        self.link = link
    }

    var description: String { "\(link.parent)->\(link.child) \(link.callCount) (errors \(link.errorCount))" }
}
