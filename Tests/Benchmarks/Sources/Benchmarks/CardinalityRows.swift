// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import WingbeatMetrics

/// What a label does whose values never end, such as the id of a user.
enum CardinalityRows {
    static var all: [Benchmark] { [million] }

    private static var million: Benchmark {
        Benchmark("look-up of a new label value, a million times") {
            let values = (0..<1_000_000).map(SampleRequests.route)
            let registry = makeRegistry()
            defer { withExtendedLifetime((values, registry)) {} }  // what is freed would count against what grows
            let before = resident_bytes()
            var ours = flood(registry, with: values)
            let growth = Double(resident_bytes()) - Double(before)
            let series = registry.snapshot().families.first?.series.count ?? 0
            ours.remark = "\(series) series, \(rounded(growth / 1_048_576, digits: 1)) MiB more in memory"
            return Measurement(ours, beside: [GoPeer.clientGolang.neighbour("WithLabelValues", row: "million")])
        }
    }

    /// With the default limits; the sentence about them is not for the table.
    private static func makeRegistry() -> MetricRegistry {
        var configuration = MetricRegistry.Configuration()
        configuration.reportMisuse = { _ in }
        return MetricRegistry(configuration: configuration)
    }

    private static func flood(_ registry: MetricRegistry, with values: [String]) -> Figures {
        let requests = registry.counter("http_requests", labels: SampleRequests.labels)
        return .once(values.count) { for value in values { requests["GET", value, "200"].increment() } }
    }
}
