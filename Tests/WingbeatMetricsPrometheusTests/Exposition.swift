// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatMetrics
import WingbeatMetricsPrometheus
import WingbeatModel

/// The exposition of a registry without the registry's own three families.
func exposition(_ registry: MetricRegistry) -> String {
    text(PrometheusTextEncoder().encode(ownSnapshot(of: registry)))
}

/// The same as OpenMetrics.
func openMetrics(_ registry: MetricRegistry) -> String {
    text(PrometheusTextEncoder(format: .openMetrics).encode(ownSnapshot(of: registry)))
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

/// A reading with one histogram.
func snapshot(of histogram: MetricSnapshot.Histogram, nativeSchema: Int? = nil) -> MetricSnapshot {
    let descriptor = MetricDescriptor(name: "latency", kind: .histogram, nativeSchema: nativeSchema)
    let series = MetricSnapshot.Series(labels: .empty, value: .histogram(histogram))
    return MetricSnapshot(families: [MetricSnapshot.Family(descriptor: descriptor, series: [series])])
}

/// An exemplar of a span 7, half a microsecond after a second.
func exemplar(_ value: Double, trace: UInt64, seconds: UInt64) -> Exemplar {
    Exemplar(
        value: value,
        traceID: TraceID(high: 1, low: trace) ?? .smallest,
        spanID: SpanID(7) ?? .smallest,
        unixNanoseconds: seconds * 1_000_000_000 + 500
    )
}

private func ownSnapshot(of registry: MetricRegistry) -> MetricSnapshot {
    MetricSnapshot(
        families: registry.snapshot().families.filter { !$0.descriptor.name.hasPrefix("wingbeat_metrics_") }
    )
}
