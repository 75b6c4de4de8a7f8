// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

@testable import WingbeatMetricsStatsD

/// A reading made by hand.
func reading(_ families: [MetricSnapshot.Family]) -> MetricSnapshot { MetricSnapshot(families: families) }

func counter(_ name: String, _ value: Double, _ labels: LabelSet = .empty) -> MetricSnapshot.Family {
    MetricSnapshot.Family(
        descriptor: MetricDescriptor(name: name, kind: .counter),
        series: [MetricSnapshot.Series(labels: labels, value: .counter(value))]
    )
}

func gauge(_ name: String, _ value: Double, _ labels: LabelSet = .empty) -> MetricSnapshot.Family {
    MetricSnapshot.Family(
        descriptor: MetricDescriptor(name: name, kind: .gauge),
        series: [MetricSnapshot.Series(labels: labels, value: .gauge(value))]
    )
}

/// What the encoder makes of a reading and of observations that were offered to its tap.
struct Encoding {
    var configuration: StatsDConfiguration
    let registry = MetricRegistry()
    let tap: ObservationTap

    init(_ dialect: StatsDDialect = .statsD, tap: ObservationTap = ObservationTap()) {
        configuration = StatsDConfiguration(dialect: dialect)
        self.tap = tap
    }

    func observe(_ value: Double, _ name: String = "latency", unit: String = "", labels: LabelSet = .empty) {
        tap.offer(value, MetricDescriptor(name: name, kind: .histogram, unit: unit), labels)
    }

    func packets(_ families: [MetricSnapshot.Family] = []) -> [String] {
        StatsDEncoder(configuration, tap: tap, registry: registry)
            .encode(reading(families), at: 0)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    func omitted(_ reason: String) -> MetricSnapshot.Value? {
        let labels: LabelSet = ["exporter": configuration.dialect.name, "reason": reason]
        return registry.snapshot()["wingbeat.exporter.omitted", labels]
    }
}
