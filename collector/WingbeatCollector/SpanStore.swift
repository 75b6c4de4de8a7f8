// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Takes spans to keep: the write half of a store.
public protocol SpanConsumer: Sendable {
    /// Keeps the spans. When it returns, they survive a kill of the process and are found by the next query.
    ///
    /// - Throws: ``SpanStoreError``; none of the spans may be taken for kept then.
    func accept(_ spans: [SpanRecord]) async throws
}

/// Finds spans: the read half of a store.
///
/// Names of services and spans are folded to lower case, as Zipkin has them. A call that runs into the store's time
/// limit throws ``SpanStoreError/timeout``; one whose task is cancelled ends soon with `CancellationError`.
public protocol TraceReader: Sendable {
    /// The names of all services that recorded spans, sorted.
    func services() async throws -> [String]

    /// The names of all spans that a service recorded, sorted.
    func spanNames(ofService service: String) async throws -> [String]

    /// The names of all services that a service named as the other side of its calls, sorted.
    func remoteServices(ofService service: String) async throws -> [String]

    /// The values of a tag, sorted; empty unless the key is one of ``SpanStoreOptions/autocompleteKeys``.
    func tagValues(forKey key: String) async throws -> [String]

    /// The spans of a trace, as they came (fragments are not merged), exact duplicates once; empty when unknown.
    func trace(_ id: TraceID) async throws -> [SpanRecord]

    /// The traces that match a query, newest first, whole.
    func traces(matching query: TraceQuery) async throws -> [[SpanRecord]]

    /// The traces that match a query, in the order of ``traces(matching:)``, in short.
    func summaries(matching query: TraceQuery) async throws -> [TraceSummary]

    /// Looks for traces, newest first, and tells of each that meets the expression, and now and then how far it is.
    ///
    /// - Parameters:
    ///   - take: false ends the search. It is not called from two threads at once.
    /// - Returns: how the search ended; running out of time is an end, too, and no error.
    func search(_ request: SearchRequest, _ take: @escaping @Sendable (SearchStep) -> Bool) async throws -> SearchEnd
}

extension TraceReader {
    /// The traces that are there among those asked for, each once, in the order in which they were asked for.
    public func traces(_ ids: [TraceID]) async throws -> [[SpanRecord]] {
        var traces: [[SpanRecord]] = []
        var found: Set<TraceID> = []
        for id in ids {
            let spans = try await trace(id)
            // Where ids are not strict, several of them may mean one trace, whose spans come in any order.
            if !spans.isEmpty, !spans.contains(where: { found.contains($0.traceID) }) { traces.append(spans) }
            found.formUnion(spans.map(\.traceID))
        }
        return traces
    }

    /// Reads the traces whole and says what there is to say of them in short.
    public func summaries(matching query: TraceQuery) async throws -> [TraceSummary] {
        try await traces(matching: query).compactMap(TraceSummary.init)
    }
}

/// Keeps what was counted, after the spans that were counted are gone.
public protocol RollupStore: Sendable {
    /// Adds the numbers to those that are kept of the same minute and the same names.
    func add(_ rollups: [Rollup]) async throws

    /// What was counted in the minutes that touch a span of time, oldest first.
    ///
    /// - Parameter window: microseconds since 1970.
    func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) async throws -> [Rollup]
}

/// Keeps spans and finds them again.
public protocol SpanStore: SpanConsumer, TraceReader, RollupStore {
    /// Throws when the store cannot do its work: what a health check asks.
    func check() async throws

    /// How much the store holds.
    func status() async throws -> SpanStoreStatus
}

/// What every store can be told.
public struct SpanStoreOptions: Sendable {
    /// True when traces are told apart by all 128 bits of their ids; false when the lower 64 are enough, for systems
    /// in which some services cut ids (Zipkin's `STRICT_TRACE_ID`).
    public var strictTraceID = true
    /// False when only traces by id are served: searches, names and values find nothing (Zipkin's `SEARCH_ENABLED`).
    public var searchEnabled = true
    /// The tags whose values can be asked for (Zipkin's `AUTOCOMPLETE_KEYS`).
    public var autocompleteKeys: Set<String> = []
    /// How long a query may take; zero for as long as it wants.
    public var queryTimeout: Duration = .seconds(11)
    /// How many spans the traces that a search finds may have together: with the trace that reaches it the search
    /// ends, whatever the limit, so that no search fills the memory.
    public var maximumAnswerSpans = 200_000

    /// The defaults.
    public init() {}
}

/// How much a store holds.
public struct SpanStoreStatus: Hashable, Sendable {
    /// Spans that can be found.
    public var spans = 0
    /// Bytes on disk; zero where there is none.
    public var bytes: Int64 = 0
    /// The most bytes that it may take; nil when there is no limit.
    public var maximumBytes: Int64?
    /// The start of the oldest span in microseconds since 1970; nil when there is none.
    public var oldest: Int64?
    /// Spans that were deleted to make room or because of their age: since the process began, or, in a store on disk,
    /// since there is the store.
    public var evictedSpans = 0
    /// The same by the name of the service in lower case; empty where the store does not know.
    public var evictedSpansByService: [String: Int] = [:]
    /// How many spans met which fate when their traces were whole; nil where all traces are kept.
    public var tailDecisions: [TailPolicy.Decision: Int]?

    /// Nothing.
    public init() {}
}

/// Why a store could not do what it was asked.
public enum SpanStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// More spans wait to be written than the store holds in memory: try again later.
    case busy
    /// The query took longer than it may.
    case timeout
    /// The store cannot be opened, read or written.
    case unavailable(String)

    /// What is wrong, for a person.
    public var description: String {
        switch self {
        case .busy: "too many spans wait to be stored; try again later"
        case .timeout: "the query took longer than it may; narrow it down"
        case .unavailable(let reason): reason
        }
    }
}
