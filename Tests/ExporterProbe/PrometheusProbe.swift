// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Instrumentation
import Logging
import ServiceLifecycle
import UnixSignals
import WingbeatMetrics
import WingbeatMetricsPrometheusHTTP
import WingbeatModel

/// `prometheus <port>`: records once, in a sampled trace, and serves it until SIGINT or SIGTERM.
enum PrometheusProbe {
    @Sendable
    static func run(_ arguments: [String]) async throws -> [String: Double] {
        let registry = MetricRegistry()
        _ = registry.histogram("probe.latency", help: "Latency.", buckets: .normal, native: 3, exemplars: true)
        registry.info("probe.build", help: "What \"runs\".", ["version": "1.2"])
        registry.gauge("probe.odd", help: "Odd labels.", unit: "bytes", labels: ["odd.value"])["a\"b\\c\nd é"].set(0.5)
        registry.histogram("probe.change", help: "Change.", buckets: Buckets([-1.5, 0, 2_500_000]))[].observe(-1)
        let recorded = inSampledTrace { Workload(registry: registry).recordOnce(seed: 1) }
        let port = arguments.first.flatMap { Int($0) } ?? 0
        let server = PrometheusServer(registry: registry, configuration: PrometheusServer.Configuration(port: port))
        let group = ServiceGroup(
            services: [server],
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: Logger(label: "probe")
        )
        try await group.run()
        return recorded
    }
}

/// Runs the body in the trace `…beef`, span `cafe`.
private func inSampledTrace<Result>(_ body: () -> Result) -> Result {
    var context = ServiceContext.topLevel
    if let traceID = TraceID(high: 1, low: 0xBEEF), let spanID = SpanID(0xCAFE) {
        context.traceContext = TraceContext(traceID: traceID, spanID: spanID, sampling: .sampled)
    }
    return ServiceContext.withValue(context, operation: body)
}
