// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Synchronization
import Tracing
import WingbeatModel
import WingbeatTraces

/// Spans that are recorded and handed over, or not sampled.
enum TraceRows {
    static var all: [Benchmark] { [owned, discarded, unsampled, scoped, bareScope, unsampledScope] }

    private static var owned: Benchmark {
        Benchmark("recorded span, five attributes, begin and end, into a batch") {
            let tracer = tracer(CountingSpanReporter())
            return Measurement(
                .steady { record($0, with: tracer) },
                beside: [
                    Neighbour("C: 2 clocks, ids, struct, ring", .steady { limit_span(UInt64($0)) }, target: 2.2),
                    GoPeer.zipkinGo.neighbour("no-op reporter", row: "recorded_five_tags", target: 0.25),
                    GoPeer.openTelemetryGo.neighbour("batch processor", row: "batched_five_attributes", target: 0.1),
                    GoPeer.openTelemetryGo.neighbour("no processor", row: "recorded_five_attributes"),
                    bareNoOpSpan,
                ]
            )
        }
    }

    /// zipkin-go's reporter of the row does nothing either, so this is the comparison of like with like.
    private static var discarded: Benchmark {
        Benchmark("recorded span, five attributes, begin and end, no reporter") {
            let tracer = tracer(DiscardingSpanReporter())
            return Measurement(
                .steady { record($0, with: tracer) },
                beside: [
                    Neighbour("C: 2 clocks, ids, struct, ring", .steady { limit_span(UInt64($0)) }, target: 2.2),
                    GoPeer.zipkinGo.neighbour("no-op reporter", row: "recorded_five_tags", target: 0.25),
                    bareNoOpSpan,
                ]
            )
        }
    }

    /// `startSpan` and `end` of the unchanged API when nobody records.
    private static var bareNoOpSpan: Neighbour {
        Neighbour(
            "startSpan and end on NoOpTracer, no attributes",
            .steady { count in withTracer(NoOpTracer()) { startBare(count) } },
            target: 0.8
        )
    }

    private static var unsampled: Benchmark {
        Benchmark("span that is not sampled, five attributes, begin and end") {
            let tracer = tracer(CountingSpanReporter(), sampler: NeverSampler())
            return Measurement(
                .steady { record($0, with: tracer) },
                beside: [
                    GoPeer.zipkinGo.neighbour("not sampled", row: "unsampled_five_tags"),
                    GoPeer.openTelemetryGo.neighbour("not sampled", row: "unsampled_five_attributes", target: 0.02),
                ]
            )
        }
    }

    /// The tracer is that of the task (`withTracer`), as the unchanged `withSpan` finds it.
    private static var scoped: Benchmark {
        Benchmark("withSpan, five attributes") {
            let tracer = tracer(CountingSpanReporter())
            return Measurement(
                .steady { count in withTracer(tracer) { runScopes(count) } },
                beside: [
                    Neighbour(
                        "the same on NoOpTracer",
                        .steady { count in withTracer(NoOpTracer()) { runScopes(count) } },
                        target: 1.5
                    )
                ]
            )
        }
    }

    private static var bareScope: Benchmark {
        Benchmark("withSpan, no attributes") {
            let tracer = tracer(CountingSpanReporter())
            return Measurement(
                .steady { count in withTracer(tracer) { runBareScopes(count) } },
                beside: [
                    Neighbour(
                        "the same on NoOpTracer",
                        .steady { count in withTracer(NoOpTracer()) { runBareScopes(count) } }
                    )
                ]
            )
        }
    }

    private static var unsampledScope: Benchmark {
        Benchmark("withSpan that is not sampled, five attributes") {
            let tracer = tracer(CountingSpanReporter(), sampler: NeverSampler())
            return Measurement(
                .steady { count in withTracer(tracer) { runScopes(count) } },
                beside: [
                    Neighbour(
                        "the same on NoOpTracer",
                        .steady { count in withTracer(NoOpTracer()) { runScopes(count) } }
                    )
                ]
            )
        }
    }

    private static func tracer(
        _ reporter: any SpanReporter,
        sampler: any Sampler = ParentBasedSampler()
    ) -> WingbeatTracer {
        WingbeatTracer(
            WingbeatTracer.Configuration(
                resource: Resource(serviceName: "checkout"),
                sampler: sampler,
                reporter: reporter
            )
        )
    }

    private static func record(_ count: Int, with tracer: WingbeatTracer) {
        for _ in 0..<count {
            let span = tracer.beginTrace("GET /orders/{id}", kind: .server)
            span.set("http.request.method", "GET")
            span.set("http.route", "/orders/{id}")
            span.set("http.response.status_code", 200)
            span.set("server.address", "checkout.example.com")
            span.set("cache.hit", true)
            span.end()
        }
    }

    private static func startBare(_ count: Int) {
        for _ in 0..<count {
            let span = startSpan("GET /orders/{id}", ofKind: .server)
            span.end()
        }
    }

    private static func runScopes(_ count: Int) {
        for _ in 0..<count {
            withSpan("GET /orders/{id}", ofKind: .server) { span in
                span.attributes["http.request.method"] = "GET"
                span.attributes["http.route"] = "/orders/{id}"
                span.attributes["http.response.status_code"] = 200
                span.attributes["server.address"] = "checkout.example.com"
                span.attributes["cache.hit"] = true
            }
        }
    }

    private static func runBareScopes(_ count: Int) {
        for _ in 0..<count { withSpan("GET /orders/{id}") { _ in black_hole(0) } }
    }
}

/// Counts finished spans and gives their memory back, as the queue of a reporter does once they are encoded.
private final class CountingSpanReporter: SpanReporter {
    private static let batchSize = 512

    private let batch = Mutex<[FinishedSpan]>([])

    func report(_ span: FinishedSpan) {
        let full: [FinishedSpan]? = batch.withLock { batch in
            batch.append(span)
            guard batch.count >= Self.batchSize else { return nil }
            let full = batch
            batch = []
            batch.reserveCapacity(Self.batchSize)
            return full
        }
        if let full { SpanPool.recycle(full) }
    }
}
