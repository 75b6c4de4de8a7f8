// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import ServiceLifecycle
import UnixSignals
import WingbeatMetrics
import WingbeatMetricsProcess
import WingbeatMetricsPrometheusHTTP

/// A worker that serves no HTTP, and its metrics on a port of their own.
func runWithScrapeEndpoint(worker: any Service, logger: Logger) async throws {
    let metrics = PrometheusServer()
    let group = ServiceGroup(services: [metrics, worker], gracefulShutdownSignals: [.sigterm], logger: logger)
    try await group.run()
}

/// The same where OpenTelemetry's variables say.
func configuredScrapeEndpoint() -> PrometheusServer {
    let metrics = PrometheusServer(configuration: .init(environment: ProcessInfo.processInfo.environment))
    return metrics
}

/// Histograms with exemplars, and with native buckets.
func histograms(_ registry: MetricRegistry) -> [HistogramFamily] {
    let exemplified = registry.histogram("checkout.duration", unit: "seconds", exemplars: true)
    let native = registry.histogram("checkout.wait", unit: "seconds", native: 3)
    return [exemplified, native]
}

/// The process' figures without `Telemetry`.
func processMetrics(logger: Logger) -> ServiceGroup {
    let registry = MetricRegistry.shared
    registry.add(ProcessMetrics())
    registry.add(RuntimeMetrics())
    let services = ServiceGroup(services: [RuntimeProbe(registry: registry)], logger: logger)
    return services
}
