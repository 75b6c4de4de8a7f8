// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Wingbeat

/// Remembers the span that took longest.
final class SlowestSpan: SpanReporter {
    private let slowest = Mutex<SpanRecord?>(nil)

    func report(_ span: FinishedSpan) {
        slowest.withLock { slowest in
            if span.record.durationNanoseconds > slowest?.durationNanoseconds ?? 0 { slowest = span.record }
        }
    }
}

/// The parts without `Telemetry`: a tracer of one's own, and who runs the reporter.
func traceElsewhere(_ registry: MetricRegistry) -> (WingbeatTracer, ZipkinReporter) {
    var zipkin = ZipkinReporter.Configuration()
    zipkin.url = "http://127.0.0.1:9411/api/v2/spans"
    zipkin.encoding = .protobuf
    let reporter = ZipkinReporter(zipkin, factory: registry, reportTrouble: { print($0) })
    let rule = TailRule { trace in trace.contains { $0.record.name == "pay" } }
    let tail = TailSamplingReporter(keeping: rule, to: reporter, factory: registry)
    let tracer = WingbeatTracer(.init(resource: Resource(serviceName: "audit"), reporter: tail))
    return (tracer, reporter)
}
