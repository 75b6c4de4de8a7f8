// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatMetrics
import WingbeatMetricsPrometheus

/// The exposition of a registry without the registry's own three families.
func exposition(_ registry: MetricRegistry) -> String {
    let families = registry.snapshot().families.filter { !$0.descriptor.name.hasPrefix("wingbeat_metrics_") }
    return text(PrometheusTextEncoder().encode(MetricSnapshot(families: families)))
}

/// The bytes as text.
func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
}

/// A registry that keeps quiet about misuse.
func quietRegistry() -> MetricRegistry {
    var configuration = MetricRegistry.Configuration()
    configuration.reportMisuse = { _ in }
    return MetricRegistry(configuration: configuration)
}
