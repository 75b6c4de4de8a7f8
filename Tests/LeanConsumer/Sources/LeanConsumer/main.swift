// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Tracing
import WingbeatLogs
import WingbeatMetrics
import WingbeatTraces

let registry = MetricRegistry()
registry.counter("orders")[].increment()

let reporter = InMemorySpanReporter()
let tracer = WingbeatTracer(
    WingbeatTracer.Configuration(resource: Resource(serviceName: "lean"), reporter: reporter)
)
let sink = InMemoryLogSink()
let pipeline = LogPipeline(sink: sink)
let logger = Logger(label: "lean") { WingbeatLogHandler(label: $0, pipeline: pipeline) }
tracer.withSpan("order") { _ in StructuredLogger(logger)?.info("placed", ("id", 42)) }

let orders = Int(registry.counter("orders")[].value)
print("orders = \(orders), spans = \(reporter.spans.count), lines = \(sink.lines.count)")
