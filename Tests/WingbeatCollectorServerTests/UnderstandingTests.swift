// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatMetrics
import WingbeatModel

/// A collector's server in front of a store in memory.
private struct Collector {
    let registry = MetricRegistry()
    let server: CollectorServer

    init(_ adjust: (inout CollectorServer.Configuration) -> Void = { _ in }) {
        var configuration = CollectorServer.Configuration()
        adjust(&configuration)
        server = CollectorServer(store: InMemorySpanStore(), registry: registry, configuration: configuration)
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

    func send(_ method: HTTPRequest.Method, _ uri: String, _ body: String? = nil, headers: HTTPFields = [:])
        async throws -> TestResponse
    {
        try await application.test(.router) { client in
            try await client.execute(
                uri: uri,
                method: method,
                headers: headers,
                body: body.map { ByteBuffer(string: $0) }
            )
        }
    }

    func get(_ uri: String, headers: HTTPFields = [:]) async throws -> String {
        String(buffer: try await send(.get, uri, headers: headers).body)
    }
}

/// 2023-11-15 00:00 UTC in milliseconds.
private let midnight = 1_700_006_400_000

/// A call from the service web to the service app, which fails.
private let call = """
    [{"traceId":"000000000000000a","id":"000000000000000b","kind":"CLIENT","name":"get","timestamp":1700006400000100,\
    "duration":2000,"localEndpoint":{"serviceName":"web","ipv4":"10.0.0.1"}},\
    {"traceId":"000000000000000a","parentId":"000000000000000b","id":"000000000000000c","kind":"SERVER","name":"get",\
    "timestamp":1700006400000000,"duration":1000,"localEndpoint":{"serviceName":"app","ipv4":"10.0.0.2"},\
    "tags":{"error":"no"}}]
    """

@Suite("What the collector learnt from spans")
struct UnderstandingTests {
    @Test("operations with count, errors, rate, quantiles and a sparkline")
    func operations() async throws {
        let collector = Collector()
        let path = "/api/statistics/operations?endTs=\(midnight + 60_000)&lookback=60000"
        let empty = #"{"start":1700006400000,"end":1700006460000,"sparklineMinutes":1,"leftOut":0,"operations":[]}"#
        #expect(try await collector.get(path) == empty)
        #expect(try await collector.send(.post, "/api/v2/spans", call).status == .accepted)
        let app = """
            {"service":"app","operation":"get","count":1,"errors":1,"perSecond":0.008333333333333333,\
            "p50":1015,"p95":1015,"p99":1015,"sparkline":[1,0]}
            """
        let only = try await collector.get(path + "&service=APP")
        #expect(only.hasSuffix(#""operations":["# + app + "]}"))
        let all = try await collector.get(path)
        #expect(all.contains(app) && all.contains(#"{"service":"web","operation":"get","count":1,"errors":0"#))
    }

    @Test("links with counts and a quantile; Zipkin's dependencies say the same without it")
    func links() async throws {
        let collector = Collector()
        _ = try await collector.send(.post, "/api/v2/spans", call)
        let times = "endTs=\(midnight + 60_000)&lookback=60000"
        #expect(
            try await collector.get("/api/statistics/links?\(times)") == """
                {"start":1700006400000,"end":1700006460000,"links":[{"parent":"web","child":"app","callCount":1,\
                "errorCount":1,"p95":1015}]}
                """
        )
        #expect(
            try await collector.get("/api/v2/dependencies?\(times)")
                == #"[{"parent":"web","child":"app","callCount":1,"errorCount":1}]"#
        )
    }

    @Test(
        "what makes no sense is refused",
        arguments: ["operations?endTs=0", "links?lookback=-1", "operations?endTs=soon"]
    )
    func nonsense(path: String) async throws {
        #expect(try await Collector().send(.get, "/api/statistics/\(path)").status == .badRequest)
    }

    @Test("a window as long as time is answered with a sparkline of at most 120 numbers")
    func longest() async throws {
        let answer = try await Collector().get("/api/statistics/operations?endTs=\(Int64.max)&lookback=\(Int64.max)")
        #expect(answer.contains(#""operations":[]"#))
    }

    @Test("the status says what is stored and what became of everything that came")
    func status() async throws {
        let collector = Collector()
        _ = try await collector.send(.post, "/api/v2/spans", call)
        collector.server.intake.reject(3)
        let status = try await collector.get("/api/status")
        #expect(
            status.contains(
                """
                "spans":{"received":5,"stored":2,"sampledOut":0,"rejected":{"invalid":3,"trace_too_large":0},\
                "failed":{"busy":0,"unavailable":0,"cancelled":0}}
                """
            )
        )
        #expect(status.contains(#""store":{"spans":2,"#))
        #expect(status.contains(#""pendingSpans":2"#))
        #expect(status.hasSuffix(#""evicted":{},"tail":null}"#))
    }

    @Test("the status says what a store had to let go, by service, and what was decided of whole traces")
    func losses() async throws {
        let store = FakeSpanStore()
        store.losses = (["web": 3, "cart": 7, "app": 3], [.failed: 1, .slow: 2, .rare: 3, .share: 4, .dropped: 50])
        let server = MemoryServer(store, CollectorServer.Configuration())
        #expect(
            try await server.get("/api/status").text.hasSuffix(
                """
                "evicted":{"cart":7,"app":3,"web":3},\
                "tail":{"kept":10,"leftOut":50,"failed":1,"slow":2,"rare":3,"share":4}}
                """
            )
        )
    }

    @Test("a trace with its clocks adjusted, where that is asked for")
    func skew() async throws {
        let collector = Collector()
        _ = try await collector.send(.post, "/api/v2/spans", call)
        let raw = try await collector.get("/api/v2/trace/a")
        #expect(raw.contains(#""timestamp":1700006400000000"#) && !raw.contains("skew"))
        let adjusted = try await collector.get("/api/v2/trace/a?adjust=true")
        #expect(adjusted.contains(#""timestamp":1700006400000600"#))
        #expect(adjusted.contains(#""wingbeat.skew_adjusted":"600000""#))
    }
}

@Suite("Spans of all services as metrics")
struct SpanMetricsTests {
    @Test("the books of the intake, spans by operation, and traces as exemplars")
    func metrics() async throws {
        let collector = Collector()
        _ = try await collector.send(.post, "/api/v2/spans", call)
        collector.server.intake.reject(1)
        let text = try await collector.get("/prometheus")
        for line in [
            #"wingbeat_collector_spans_received_total 3"#, #"wingbeat_collector_spans_stored_total 2"#,
            #"wingbeat_collector_spans_sampled_out_total 0"#,
            #"wingbeat_collector_spans_rejected_total{reason="invalid"} 1"#,
            #"wingbeat_collector_spans_failed_total{reason="busy"} 0"#,
            #"wingbeat_spans_total{error="true",kind="server",operation="get",service="app"} 1"#,
            #"wingbeat_spans_total{error="false",kind="client",operation="get",service="web"} 1"#,
            #"wingbeat_span_duration_seconds_count{operation="get",service="app"} 1"#,
        ] {
            #expect(text.contains("\n\(line)\n"), "\(line)")
        }
        let open = try await collector.get("/prometheus", headers: [.accept: "application/openmetrics-text"])
        #expect(open.contains(#"# {trace_id="0000000000000000000000000000000a",span_id="000000000000000c"} 0.001"#))
    }

    @Test("the collector's own queries are spans, when that is wanted, and posts never are")
    func selfTracing() async throws {
        let collector = Collector {
            $0.selfTracing.isEnabled = true
            $0.selfTracing.tracesPerSecond = 1000
        }
        _ = try await collector.send(.post, "/api/v2/spans", call)
        _ = try await collector.get("/api/v2/trace/a")
        _ = try await collector.get("/prometheus")
        var counts = collector.server.intake.counts
        for _ in 0..<500 where counts.stored < 3 {
            try await Task.sleep(for: .milliseconds(10))
            counts = collector.server.intake.counts
        }
        #expect(counts.stored == 3)
        let names = try await collector.get("/api/v2/spans?serviceName=wingbeat-collector")
        #expect(names.contains("get /api/v2/trace/{traceid}"))
    }
}

@Suite("Watching spans over HTTP")
struct TailTests {
    /// The start of the answer of a tail that is read while a post is made.
    private func tail(_ query: String, until wanted: String) async throws -> String {
        let collector = Collector()
        return try await collector.application.test(.live) { client in
            try await withThrowingTaskGroup(of: String?.self) { group in
                group.addTask {
                    while !Task.isCancelled {
                        _ = try await client.execute(
                            uri: "/api/v2/spans",
                            method: .post,
                            body: ByteBuffer(string: call)
                        )
                        try await Task.sleep(for: .milliseconds(50))
                    }
                    return nil
                }
                let port = try #require(client.port)
                let text = try await TailClient.read("/api/tail?\(query)", port: port, until: wanted)
                group.cancelAll()
                return text
            }
        }
    }

    @Test("a post is an event with a summary of each of its traces")
    func summaries() async throws {
        let text = try await tail("", until: "event: trace\n")
        #expect(text.contains("content-type: text/event-stream") || text.contains("Content-Type: text/event-stream"))
        #expect(text.contains(": watching\n\n"))
        #expect(text.contains(#"data: {"traceId":"000000000000000a","service":"web","name":"get""#))
    }

    @Test("spans that meet the criteria, whole")
    func spans() async throws {
        let text = try await tail("spans=true&serviceName=app&annotationQuery=error", until: "event: spans\n")
        #expect(text.contains(#"data: [{"traceId":"000000000000000a""#))
    }

    @Test("what is not wanted is not shown")
    func filter() async throws {
        let text = try await tail("serviceName=nobody", until: ": nothing new\n")
        #expect(!text.contains("event:"))
    }

    @Test("nonsense is refused")
    func nonsense() async throws {
        #expect(try await Collector().send(.get, "/api/tail?minDuration=0").status == .badRequest)
    }
}
