// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import WingbeatMetrics

/// Observing.
enum HistogramRows {
    static var all: [Benchmark] { [observe] }

    private static var observe: Benchmark {
        Benchmark("histogram observe, 11 bounds") {
            let registry = MetricRegistry()
            defer { withExtendedLifetime(registry) {} }
            let family = registry.histogram(
                "request_duration",
                buckets: .seconds,
                labels: SampleRequests.labels
            )
            let histogram = family["GET", SampleRequests.route(7), "200"]
            let values = SampleRequests.logUniformSeconds
            return Measurement(
                .steady { count in
                    for position in 0..<count { histogram.observe(values[position & (values.count - 1)]) }
                },
                beside: [
                    limit("C: bound count, add, CAS", limit_histogram, values, target: 0.65),
                    limit("C: bound count, cells of the thread", limit_cell_observe, values),
                    GoPeer.clientGolang.neighbour("Observe", row: "observe", target: 0.3),
                ]
            )
        }
    }

    private typealias Limit = (UInt64, UnsafePointer<Double>, Int, UnsafePointer<Double>, Int) -> Void

    private static func limit(_ name: String, _ limit: Limit, _ values: [Double], target: Double? = nil) -> Neighbour {
        let bounds = Buckets.seconds.upperBounds
        return Neighbour(
            name,
            .steady { limit(UInt64($0), bounds, bounds.count, values, values.count) },
            target: target
        )
    }
}
