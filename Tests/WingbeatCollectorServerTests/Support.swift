// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatMetrics
import WingbeatModel

/// A fake store: keeps spans in memory, answers searches with everything it has, and fails as it is told.
final class FakeSpanStore: SpanStore {
    private struct State {
        var spans: [SpanRecord] = []
        var query: TraceQuery?
        var window: ClosedRange<Int64>?
        var losses: (evicted: [String: Int], tail: [TailPolicy.Decision: Int]?) = ([:], nil)
    }

    private let failure: (any Error)?
    private let delay: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - failure: what every call throws.
    ///   - delay: how long it takes to keep spans.
    init(failure: (any Error)? = nil, delay: Duration = .zero) {
        self.failure = failure
        self.delay = delay
    }

    var spans: [SpanRecord] { state.withLock { $0.spans } }
    /// The last search that was asked for.
    var query: TraceQuery? { state.withLock { $0.query } }
    /// The last window for which links were asked.
    var window: ClosedRange<Int64>? { state.withLock { $0.window } }

    /// What the status says of spans that are gone.
    var losses: (evicted: [String: Int], tail: [TailPolicy.Decision: Int]?) {
        get { state.withLock { $0.losses } }
        set { state.withLock { $0.losses = newValue } }
    }

    func accept(_ spans: [SpanRecord]) async throws {
        if delay > .zero { try await Task.sleep(for: delay) }
        if let failure { throw failure }
        state.withLock { $0.spans += spans }
    }

    func services() async throws -> [String] {
        if let failure { throw failure }
        return Set(spans.compactMap { $0.serviceName?.lowercased() }).sorted()
    }

    func spanNames(ofService service: String) async throws -> [String] {
        if let failure { throw failure }
        return spans.filter { $0.serviceName?.lowercased() == service.lowercased() }.map(\.name)
    }

    func remoteServices(ofService service: String) async throws -> [String] {
        if let failure { throw failure }
        return spans.filter { $0.serviceName == service }.compactMap { $0.remoteEndpoint?.serviceName }
    }

    func trace(_ id: TraceID) async throws -> [SpanRecord] {
        if let failure { throw failure }
        return spans.filter { $0.traceID == id }
    }

    func traces(matching query: TraceQuery) async throws -> [[SpanRecord]] {
        if let failure { throw failure }
        return state.withLock { state in
            state.query = query
            return state.spans.isEmpty ? [] : [state.spans]
        }
    }

    func tagValues(forKey key: String) async throws -> [String] {
        if let failure { throw failure }
        return []
    }

    func add(_ rollups: [Rollup]) async throws {}

    func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) async throws -> [Rollup] {
        if let failure { throw failure }
        state.withLock { $0.window = window }
        guard kind == .link, !spans.isEmpty else { return [] }
        return [
            Rollup(kind, minute: 1, service: "a", name: "b", calls: CallStatistics(count: 3)),
            Rollup(kind, minute: 1, service: "b", name: "c\"", calls: CallStatistics(count: 2, errors: 1)),
        ]
    }

    func status() async throws -> SpanStoreStatus {
        var status = SpanStoreStatus()
        (status.evictedSpansByService, status.tailDecisions) = losses
        return status
    }

    func check() async throws {
        if let failure { throw failure }
    }
}

/// A collector's server in front of a fake store.
struct ServerUnderTest {
    let store: FakeSpanStore
    let registry = MetricRegistry()
    let server: CollectorServer

    init(
        _ store: FakeSpanStore = FakeSpanStore(),
        _ adjust: (inout CollectorServer.Configuration) -> Void = { _ in }
    ) {
        var configuration = CollectorServer.Configuration()
        adjust(&configuration)
        self.store = store
        server = CollectorServer(store: store, registry: registry, configuration: configuration)
    }

    var application: some ApplicationProtocol {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return Application(
            router: server.router(),
            server: server.builder(logger: logger),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            logger: logger
        )
    }

    /// Sends one request to the router.
    func send(
        _ method: HTTPRequest.Method,
        _ uri: String,
        headers: HTTPFields = [:],
        body: [UInt8]? = nil
    ) async throws -> TestResponse {
        try await application.test(.router) { client in
            try await client.execute(
                uri: uri,
                method: method,
                headers: headers,
                body: body.map { ByteBuffer(bytes: $0) }
            )
        }
    }

    func get(_ uri: String, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await send(.get, uri, headers: headers)
    }

    func post(_ text: String, to uri: String = "/api/v2/spans", headers: HTTPFields = [:]) async throws -> TestResponse
    {
        try await send(.post, uri, headers: headers, body: Array(text.utf8))
    }

    /// The value of one of the receiver's counters; -1 when there is none.
    func count(_ name: String, transport: String = "http") -> Int {
        guard case .counter(let value) = registry.snapshot()["zipkin.collector.\(name)", ["transport": transport]]
        else {
            return -1
        }
        return Int(value)
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }
}

/// A post of two spans, and the spans in it.
let postOfTwo = """
    [{"traceId":"000000000000000a","id":"000000000000000b","name":"get","localEndpoint":{"serviceName":"web"}},\
    {"traceId":"000000000000000a","parentId":"000000000000000b","id":"000000000000000c"}]
    """
