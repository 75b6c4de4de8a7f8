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
/// limit throws ``SpanStoreError/timeout``.
public protocol TraceReader: Sendable {
    /// The names of all services that recorded spans, sorted.
    func services() async throws -> [String]

    /// The names of all spans that a service recorded, sorted.
    func spanNames(ofService service: String) async throws -> [String]

    /// The names of all services that a service named as the other side of its calls, sorted.
    func remoteServices(ofService service: String) async throws -> [String]

    /// The spans of a trace, as they came (fragments are not merged), exact duplicates once; empty when unknown.
    func trace(_ id: TraceID) async throws -> [SpanRecord]

    /// The traces that match a query, newest first, whole.
    func traces(matching query: TraceQuery) async throws -> [[SpanRecord]]

    /// Which services called which, counted over the traces with spans in a span of time.
    ///
    /// - Parameter window: microseconds since 1970.
    func dependencies(in window: ClosedRange<Int64>) async throws -> [DependencyLink]
}

/// Keeps spans and finds them again.
public protocol SpanStore: SpanConsumer, TraceReader {
    /// Throws when the store cannot do its work: what a health check asks.
    func check() async throws
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
