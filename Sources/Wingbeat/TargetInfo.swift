// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatMetrics
import WingbeatModel

/// The service's attributes as labels of `target_info`, so that they need not be on every series.
///
/// Source: OpenTelemetry, "Prometheus and OpenMetrics Compatibility", Resource Attributes.
struct TargetInfo: MetricSource {
    private let resource: @Sendable () -> Resource

    init(resource: @escaping @Sendable () -> Resource) {
        self.resource = resource
    }

    func read() -> [MetricSnapshot.Family] {
        let resource = resource()
        guard !resource.serviceName.isEmpty else { return [] }
        let attributes = resource.attributes.map { Label($0.key, "\($0.value)") }
        return [
            MetricSnapshot.Family(
                descriptor: MetricDescriptor(
                    name: "target",
                    kind: .info,
                    help: "The service that these metrics are of."
                ),
                series: [
                    MetricSnapshot.Series(
                        labels: LabelSet([Label("service.name", resource.serviceName)] + attributes),
                        value: .gauge(1)
                    )
                ]
            )
        ]
    }
}
