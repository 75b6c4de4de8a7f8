// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatMetrics

/// Writes a snapshot in one of the formats that Prometheus reads.
///
/// In all of them names are made valid (dots become underscores) and get their unit as suffix, counters get `_total`
/// and facts get `_info`, as OpenTelemetry's compatibility rules have it. A family whose exposed name is taken already
/// is left out, for Prometheus refuses a whole scrape with a name that is there twice.
public protocol PrometheusEncoder: Sendable {
    /// The value of `Content-Type`.
    var contentType: String { get }

    /// The whole exposition.
    func encode(_ snapshot: MetricSnapshot) -> [UInt8]

    /// Replaces the bytes by the whole exposition of a registry.
    func encode(_ registry: MetricRegistry, into bytes: inout [UInt8])
}

extension PrometheusEncoder {
    /// Replaces the bytes by the whole exposition of a registry, through a snapshot.
    public func encode(_ registry: MetricRegistry, into bytes: inout [UInt8]) {
        bytes = encode(registry.snapshot())
    }
}
