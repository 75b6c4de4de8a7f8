// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatCollector
public import WingbeatModel

/// A store that also sends its spans on; without a store of its own it sends them on only.
///
/// With a store, forwarding never refuses a span: what finds no room in the queue is dropped and counted. Without one,
/// spans that find no room are refused, so that their sender tries again, and queries find nothing.
public struct ForwardingSpanStore: SpanStore {
    private let store: (any SpanStore)?
    private let forwarder: SpanForwarder

    /// - Parameters:
    ///   - store: where spans are kept; nil for nowhere.
    ///   - forwarder: where they are sent.
    public init(store: (any SpanStore)?, forwarder: SpanForwarder) {
        self.store = store
        self.forwarder = forwarder
    }

    /// Keeps the spans and queues them; when it returns, both survive a kill of the process.
    public func accept(_ spans: [SpanRecord]) async throws {
        guard let store else { return try forwarder.forward(spans) }
        try await store.accept(spans)
        forwarder.forwardOrDrop(spans)
    }

    /// Those of the store.
    public func services() async throws -> [String] { try await store?.services() ?? [] }

    /// Those of the store.
    public func spanNames(ofService service: String) async throws -> [String] {
        try await store?.spanNames(ofService: service) ?? []
    }

    /// Those of the store.
    public func remoteServices(ofService service: String) async throws -> [String] {
        try await store?.remoteServices(ofService: service) ?? []
    }

    /// Those of the store.
    public func tagValues(forKey key: String) async throws -> [String] {
        try await store?.tagValues(forKey: key) ?? []
    }

    /// That of the store.
    public func trace(_ id: TraceID) async throws -> [SpanRecord] { try await store?.trace(id) ?? [] }

    /// Those of the store.
    public func traces(matching query: TraceQuery) async throws -> [[SpanRecord]] {
        try await store?.traces(matching: query) ?? []
    }

    /// Those of the store.
    public func summaries(matching query: TraceQuery) async throws -> [TraceSummary] {
        try await store?.summaries(matching: query) ?? []
    }

    /// That of the store.
    public func search(
        _ request: SearchRequest,
        _ take: @escaping @Sendable (SearchStep) -> Bool
    ) async throws -> SearchEnd {
        try await store?.search(request, take) ?? SearchEnd()
    }

    /// Kept by the store; without one, forgotten: the collector that gets the spans counts them.
    public func add(_ rollups: [Rollup]) async throws { try await store?.add(rollups) }

    /// Those of the store.
    public func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) async throws -> [Rollup] {
        try await store?.rollups(kind, in: window) ?? []
    }

    /// Throws when the store cannot do its work. A destination that is away is no trouble: spans wait for it.
    public func check() async throws { try await store?.check() }

    /// That of the store.
    public func status() async throws -> SpanStoreStatus { try await store?.status() ?? SpanStoreStatus() }
}
