// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import Testing
import WingbeatCompression
import WingbeatDelivery
import WingbeatMetrics
import WingbeatModel
import WingbeatSpanCodecs
import WingbeatTraces
import WingbeatTracesReporting

@Suite("Finished spans on their way to an OpenTelemetry collector", .timeLimit(.minutes(2)))
struct OTLPReporterTests {
    private let registry = MetricRegistry()
    private let troubles = Troubles()

    private func spans(_ count: UInt64) throws -> [SpanRecord] {
        try (1...count).map { number in
            let traceID = try #require(TraceID(high: 7, low: number))
            var span = SpanRecord(traceID: traceID, id: try #require(SpanID(number)), name: "Work")
            span.resource = Resource(serviceName: "Shop")
            span.startNanoseconds = 1_700_000_000_000_000_000
            span.durationNanoseconds = number
            return span
        }
    }

    private func send(
        _ spans: [SpanRecord],
        to url: String,
        _ adjust: (inout OTLPReporter.Configuration) -> Void = { _ in }
    ) async {
        var configuration = OTLPReporter.Configuration()
        configuration.url = url
        adjust(&configuration)
        var delivery = DeliveryConfiguration()
        delivery.backoff = Backoff(initial: .milliseconds(1), maximum: .milliseconds(5))
        delivery.flushTimeout = .seconds(30)
        delivery.interval = .milliseconds(5)
        let reporter = OTLPReporter(
            configuration,
            delivery: delivery,
            factory: registry,
            reportTrouble: { [troubles] in troubles.add($0) }
        )
        for span in spans { reporter.report(FinishedSpan(span)) }
        let running = Task { await reporter.run() }
        await eventually("all are settled") { reporter.counts.queued == 0 }
        running.cancel()
        await running.value
    }

    private var books: Books { Books(registry, prefix: "wingbeat.spans") }

    @Test("spans are posted as protocol buffers, with the headers that were asked for")
    func protobuf() async throws {
        let backend = LoopbackBackend(status: .ok)
        let spans = try spans(3)
        try await backend.run { url in
            await send(spans, to: url) { $0.headers = [(name: "Authorization", value: "Bearer token")] }
        }
        #expect(backend.posts.map(\.contentType) == ["application/x-protobuf"])
        #expect(backend.posts.map(\.authorization) == ["Bearer token"])
        #expect(backend.posts.map(\.bytes) == [OTLPProtobufEncoder.encode(spans)])
        #expect(books == Books(recorded: 3, exported: 3))
    }

    @Test("or as JSON, or compressed")
    func json() async throws {
        let backend = LoopbackBackend(status: .ok)
        let spans = try spans(30)
        try await backend.run { url in
            await send(spans, to: url) { $0.encoding = .json }
            await send(spans, to: url) { $0.isCompressed = true }
        }
        #expect(backend.posts.map(\.contentType) == ["application/json", "application/x-protobuf"])
        #expect(backend.posts.map(\.encoding) == [nil, "gzip"])
        #expect(backend.posts.first?.bytes == OTLPJSONEncoder.encode(spans))
        let inflated = try Gzip.decompress(try #require(backend.posts.last).bytes, limit: 1 << 20)
        #expect(inflated == OTLPProtobufEncoder.encode(spans))
    }

    @Test("what a partial success rejects is dropped, and its message is told", arguments: [false, true])
    func partialSuccess(isJSON: Bool) async throws {
        let answer = OTLPResponse(rejectedSpans: 2, errorMessage: "too old")
        let backend = LoopbackBackend { _ in
            let bytes = isJSON ? answer.json() : answer.protobuf()
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
        let spans = try spans(5)
        try await backend.run { url in await send(spans, to: url) { $0.encoding = isJSON ? .json : .protobuf } }
        #expect(backend.posts.count == 1)
        #expect(books == Books(recorded: 5, exported: 3, rejected: 2))
        #expect(troubles.sentences == ["2 of 5 were refused and dropped: too old"])
    }

    @Test("an answer that nobody understands says nothing: the spans were taken")
    func unreadableAnswer() async throws {
        let backend = LoopbackBackend { _ in
            Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "\u{ff}<html>")))
        }
        let spans = try spans(5)
        try await backend.run { url in await send(spans, to: url) }
        #expect(books == Books(recorded: 5, exported: 5))
        #expect(troubles.sentences.isEmpty)
    }

    @Test("a 503 is asked again, a 500 is not")
    func failures() async throws {
        let backend = LoopbackBackend { number in
            Response(status: [.serviceUnavailable, .ok, .internalServerError][min(number, 3) - 1])
        }
        let spans = try spans(5)
        try await backend.run { url in
            await send(spans, to: url)
            await send(spans, to: url)
        }
        #expect(backend.posts.count == 3)
        #expect(books == Books(recorded: 10, exported: 5, rejected: 5))
    }
}
