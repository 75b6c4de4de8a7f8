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

/// Spans that hold less.
func beFrugal(_ configuration: inout TelemetryConfiguration) {
    configuration.spanLimits.events = 16
    configuration.spanLimits.valueLength = 1024
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
