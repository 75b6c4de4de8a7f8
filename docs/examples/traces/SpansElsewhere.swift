// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Wingbeat

/// What a test does: a tracer for the code that runs inside, and the spans that it made.
func checkBuying() async throws -> [String] {
    let reporter = InMemorySpanReporter()
    let tracer = WingbeatTracer(.init(resource: Resource(serviceName: "test"), reporter: reporter))
    try await withTracer(tracer) {
        try await buy(Order(id: "42", total: 12.5, items: ["bolt"]))
    }
    return reporter.spans.map(\.name)
}

/// A tracer whose spans hold less.
func makeFrugalTracer(_ reporter: any SpanReporter) -> WingbeatTracer {
    var parts = WingbeatTracer.Configuration(resource: Resource(serviceName: "shop"), reporter: reporter)
    parts.limits.events = 16
    parts.limits.valueLength = 1024
    return WingbeatTracer(parts)
}

/// Tells how many spans the code forgets, on `/metrics`.
func watch(_ telemetry: Telemetry) {
    let tracer = telemetry.tracer
    telemetry.registry.gauge("shop.spans.forgotten", help: "Spans that were never ended.") {
        Double(tracer.totals.forgotten)
    }
}

/// Prints spans in batches, and gives their memory back.
final class PrintingReporter: SpanReporter {
    private let waiting = Mutex<[FinishedSpan]>([])
    let dropped = Atomic(0)

    func report(_ span: FinishedSpan) {
        let hasRoom = waiting.withLock { waiting in
            guard waiting.count < 8192 else { return false }
            waiting.append(span)
            return true
        }
        if !hasRoom { dropped.add(1, ordering: .relaxed) }
    }

    func flush() {
        let spans = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for span in spans { print(span.record.name, span.record.durationNanoseconds) }
        SpanPool.recycle(consume spans)
    }
}
