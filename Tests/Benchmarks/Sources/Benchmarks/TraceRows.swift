// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Synchronization
import Tracing
import WingbeatModel
import WingbeatTraces

/// One span, recorded and handed over.
enum TraceRows {
    static var all: [Benchmark] { [recorded, scoped] }

    private static var recorded: Benchmark {
        Benchmark("recorded span, five attributes") {
            let tracer = tracer
            return Measurement(
                .steady { record($0, with: tracer) },
                beside: [Neighbour("C: 2 clocks, ids, struct, ring", .steady { limit_span(UInt64($0)) })]
            )
        }
    }

    /// The tracer is that of the task (`withTracer`), as the unchanged `withSpan` finds it.
    private static var scoped: Benchmark {
        Benchmark("withSpan, no attributes") {
            let tracer = tracer
            return Measurement(
                .steady { count in withTracer(tracer) { runScopes(count) } },
                beside: [
                    Neighbour(
                        "peer: the same on NoOpTracer",
                        .steady { count in withTracer(NoOpTracer()) { runScopes(count) } }
                    )
                ]
            )
        }
    }

    private static var tracer: WingbeatTracer {
        WingbeatTracer(
            WingbeatTracer.Configuration(
                resource: Resource(serviceName: "checkout"),
                reporter: CountingSpanReporter()
            )
        )
    }

    private static func record(_ count: Int, with tracer: WingbeatTracer) {
        for _ in 0..<count {
            let span = tracer.startSpan("GET /orders/{id}", ofKind: .server)
            span.attributes["http.request.method"] = "GET"
            span.attributes["http.route"] = "/orders/{id}"
            span.attributes["http.response.status_code"] = 200
            span.attributes["server.address"] = "checkout.example.com"
            span.attributes["cache.hit"] = true
            span.end()
        }
    }

    private static func runScopes(_ count: Int) {
        for _ in 0..<count { withSpan("GET /orders/{id}") { _ in black_hole(0) } }
    }
}

/// Counts finished spans and forgets them.
private final class CountingSpanReporter: SpanReporter {
    private let count = Atomic<UInt64>(0)

    func report(_ span: FinishedSpan) { count.wrappingAdd(1, ordering: .relaxed) }
}
