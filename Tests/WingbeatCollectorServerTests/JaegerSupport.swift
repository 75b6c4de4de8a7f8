// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatModel

/// A collector in front of a fake store that holds the spans, as Jaeger's clients see it.
struct JaegerUnderTest {
    let store: MatchingFakeStore
    private let configuration: CollectorServer.Configuration

    init(
        _ spans: [SpanRecord] = [],
        rollups: [Rollup] = [],
        maximumTraces: Int = 1000,
        maximumAnswerSpans: Int = 200_000
    ) {
        store = MatchingFakeStore(spans, rollups: rollups, maximumAnswerSpans: maximumAnswerSpans)
        var configuration = CollectorServer.Configuration()
        configuration.maximumTraces = maximumTraces
        configuration.maximumAnswerSpans = maximumAnswerSpans
        self.configuration = configuration
    }

    func send(_ method: HTTPRequest.Method, _ uri: String, body: String? = nil) async throws -> TestResponse {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let router = CollectorServer(store: store, configuration: configuration).router()
        return try await Application(router: router, logger: logger).test(.router) { client in
            try await client.execute(uri: uri, method: method, body: body.map { ByteBuffer(string: $0) })
        }
    }

    func get(_ uri: String) async throws -> TestResponse { try await send(.get, uri) }

    /// The ids of the traces of an answer, in its order.
    func traceIDs(_ uri: String) async throws -> [UInt64] {
        let text = try await get(uri).text
        return text.split(separator: #"{"traceID":""#).dropFirst()
            .filter { $0.contains(#"","spans":["#) }
            .compactMap { UInt64($0.prefix(16), radix: 16) }
    }
}

/// A second of the year 2023, in microseconds since 1970.
let someSecond: UInt64 = 1_700_000_000_000_000

/// A span of a trace that began in the second with the number of the trace.
func jaegerSpan(
    _ trace: UInt64,
    _ id: UInt64 = 1,
    parent: UInt64? = nil,
    at service: String = "Shop",
    named name: String = "GET /orders",
    milliseconds: UInt64 = 10,
    with attributes: [Attribute] = []
) -> SpanRecord {
    var span = SpanRecord(
        traceID: TraceID(high: 0, low: trace) ?? .smallest,
        id: SpanID(id) ?? .smallest,
        parentID: parent.flatMap { SpanID($0) },
        name: name
    )
    span.resource = Resource(serviceName: service, attributes: [Attribute("zone", "a")])
    span.startNanoseconds = (someSecond + trace * 1_000_000) * 1000
    span.durationNanoseconds = milliseconds * 1_000_000
    span.attributes = attributes
    return span
}
