// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Testing
import WingbeatDelivery
import WingbeatMetrics
import WingbeatModel
import WingbeatTraces
import WingbeatTracesReporting

@Suite("Finished spans on their way to a Zipkin collector", .timeLimit(.minutes(2)))
struct ZipkinReporterTests {
    private func span(_ id: UInt64) throws -> SpanRecord {
        let traceID = try #require(TraceID(high: 0, low: 1))
        var span = SpanRecord(traceID: traceID, id: try #require(SpanID(id)), name: "Work")
        span.resource = Resource(serviceName: "Shop")
        return span
    }

    private func json(_ id: Int) -> String {
        #"{"traceId":"0000000000000001","id":"000000000000000\#(id)","name":"work","#
            + #""localEndpoint":{"serviceName":"shop"}}"#
    }

    private func configuration() -> DeliveryConfiguration {
        var configuration = DeliveryConfiguration()
        configuration.interval = .seconds(3600)
        configuration.batchSize = 2
        configuration.backoff = Backoff(initial: .milliseconds(1), maximum: .milliseconds(5))
        configuration.flushTimeout = .seconds(30)
        return configuration
    }

    @Test("a reporter without spans posts nothing")
    func empty() async throws {
        let backend = LoopbackBackend(status: .accepted)
        let registry = MetricRegistry()
        try await backend.run { url in
            let running = Task {
                await ZipkinReporter(url: url, configuration: configuration(), factory: registry).run()
            }
            running.cancel()
            await running.value
        }
        #expect(backend.posts.isEmpty)
        #expect(Books(registry, prefix: "wingbeat.spans") == Books())
    }

    @Test("spans are posted as Zipkin JSON, in batches, and counted")
    func posts() async throws {
        let backend = LoopbackBackend(status: .accepted)
        let registry = MetricRegistry()
        try await backend.run { url in
            let reporter = ZipkinReporter(url: url, configuration: configuration(), factory: registry)
            let running = Task { await reporter.run() }
            for id in 1...3 { reporter.report(FinishedSpan(try span(UInt64(id)))) }
            await eventually("a full batch is taken") { Books(registry, prefix: "wingbeat.spans").exported == 2 }
            running.cancel()
            await running.value
        }
        #expect(backend.posts.map(\.body) == ["[\(json(1)),\(json(2))]", "[\(json(3))]"])
        #expect(backend.posts.allSatisfy { $0.contentType == "application/json" })
        #expect(Books(registry, prefix: "wingbeat.spans") == Books(recorded: 3, exported: 3))
    }

    @Test("a collector that is away for a while costs no span")
    func away() async throws {
        let backend = LoopbackBackend { number in Response(status: number < 3 ? .serviceUnavailable : .accepted) }
        let registry = MetricRegistry()
        try await backend.run { url in
            let reporter = ZipkinReporter(url: url, configuration: configuration(), factory: registry)
            let running = Task { await reporter.run() }
            for id in 1...2 { reporter.report(FinishedSpan(try span(UInt64(id)))) }
            await eventually("the batch is taken") {
                Books(registry, prefix: "wingbeat.spans") == Books(recorded: 2, exported: 2)
            }
            running.cancel()
            await running.value
        }
        #expect(backend.posts.map(\.body) == Array(repeating: "[\(json(1)),\(json(2))]", count: 3))
    }

    @Test("spans that the collector refuses are dropped and counted")
    func refused() async throws {
        let registry = MetricRegistry()
        try await LoopbackBackend(status: .badRequest).run { url in
            let reporter = ZipkinReporter(url: url, configuration: configuration(), factory: registry)
            reporter.report(FinishedSpan(try span(1)))
            let running = Task { await reporter.run() }
            running.cancel()
            await running.value
        }
        #expect(Books(registry, prefix: "wingbeat.spans") == Books(recorded: 1, rejected: 1))
    }

    @Test("by default spans go to a collector on this machine")
    func defaultURL() {
        #expect(ZipkinReporter.defaultURL == "http://127.0.0.1:9411/api/v2/spans")
    }
}
