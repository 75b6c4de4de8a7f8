// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The names of a family that Prometheus sees: made valid, with the unit as suffix, `_total` on counters and `_info` on
/// facts; `http.server.requests` is `http_server_requests_total`. Source: OpenTelemetry's compatibility rules.
package struct ExposedNames: Sendable {
    /// The name that OpenMetrics has after `# TYPE`: `http_requests`.
    package let name: String
    /// The name of the samples, or how it begins: `http_requests_total`.
    package let sampleName: String
    /// The unit with which ``name`` ends; empty when there is none.
    package let unit: String
    /// Every name that must not occur in another family, in any format.
    package let reserved: [String]
    /// Those of them that are taken in Prometheus' own text format.
    package let reservedInText: [String]

    package init(_ descriptor: MetricDescriptor) {
        unit = descriptor.kind == .info || descriptor.unit.isEmpty ? "" : canonicalMetricName(descriptor.unit)
        let suffix = descriptor.kind.suffix
        var name = canonicalMetricName(descriptor.name)
        if !suffix.isEmpty, name.hasSuffix(suffix) { name.removeLast(suffix.count) }
        if !unit.isEmpty, !name.hasSuffix("_" + unit) { name += "_" + unit }
        self.name = name
        sampleName = name + suffix
        let parts = descriptor.kind == .histogram ? ["_bucket", "_sum", "_count"] : []
        reservedInText = [sampleName] + parts.map { name + $0 }
        let hasCreationTime = [.counter, .histogram].contains(descriptor.kind)
        reserved = reservedInText + (suffix.isEmpty ? [] : [name]) + (hasCreationTime ? [name + "_created"] : [])
    }
}

extension MetricKind {
    fileprivate var suffix: String {
        switch self {
        case .counter: "_total"
        case .info: "_info"
        case .gauge, .histogram: ""
        }
    }
}
