// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatMetrics

/// A collector's server in front of the store in memory, told the same as the server.
struct MemoryServer {
    let registry = MetricRegistry()
    let store: any SpanStore
    private let router: Router<BasicRequestContext>

    init(_ adjust: (inout CollectorServer.Configuration) -> Void = { _ in }) {
        var configuration = CollectorServer.Configuration()
        adjust(&configuration)
        var options = SpanStoreOptions()
        options.searchEnabled = configuration.searchEnabled
        options.autocompleteKeys = configuration.autocompleteKeys
        self.init(InMemorySpanStore(options: options), configuration)
    }

    init(_ store: any SpanStore, _ configuration: CollectorServer.Configuration) {
        self.store = store
        router = CollectorServer(store: store, registry: registry, configuration: configuration).router()
    }

    func send(
        _ method: HTTPRequest.Method,
        _ uri: String,
        headers: HTTPFields = [:],
        body: String? = nil
    ) async throws -> TestResponse {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try await Application(router: router, logger: logger).test(.router) { client in
            try await client.execute(
                uri: uri,
                method: method,
                headers: headers,
                body: body.map { ByteBuffer(string: $0) }
            )
        }
    }

    func get(_ uri: String, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await send(.get, uri, headers: headers)
    }

    func post(_ text: String, to uri: String = "/api/v2/spans") async throws -> TestResponse {
        try await send(.post, uri, body: text)
    }
}
