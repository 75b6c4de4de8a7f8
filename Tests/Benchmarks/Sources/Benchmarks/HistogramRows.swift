// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import WingbeatMetrics

/// Observing.
enum HistogramRows {
    static var oneThread: [Benchmark] { [observe] }
    static var twoThreads: [Benchmark] { [observeTogether] }

    private static var observe: Benchmark {
        Benchmark("histogram observe, 11 bounds") {
            let registry = MetricRegistry()
            defer { withExtendedLifetime(registry) {} }
            return Measurement(
                .steady(observations(in: registry)),
                beside: [
                    Neighbour("C: bound count, add, CAS", .steady(limit(limit_histogram)), target: 0.65),
                    Neighbour("C: bound count, cells of the thread", .steady(limit(limit_cell_observe))),
                    GoPeer.clientGolang.neighbour("Observe", row: "observe", target: 0.3),
                ]
            )
        }
    }

    private static var observeTogether: Benchmark {
        Benchmark("histogram observe, two threads on one") {
            let registry = MetricRegistry()
            defer { withExtendedLifetime(registry) {} }
            return Measurement(
                .twoThreads(observations(in: registry)),
                beside: [
                    Neighbour("C: bound count, add, CAS", .twoThreads(limit(limit_histogram))),
                    Neighbour("C: bound count, cells of each thread", .twoThreads(limit(limit_cell_observe))),
                    GoPeer.clientGolang.neighbour("Observe", row: "observe_two_threads"),
                ]
            )
        }
    }

    private static func observations(in registry: MetricRegistry) -> @Sendable (Int) -> Void {
        let family = registry.histogram("request_duration", buckets: .seconds, labels: SampleRequests.labels)
        let histogram = family["GET", SampleRequests.route(7), "200"]
        let values = SampleRequests.logUniformSeconds
        return { count in
            for position in 0..<count { histogram.observe(values[position & (values.count - 1)]) }
        }
    }

    private typealias Limit =
        @Sendable (UInt64, UnsafePointer<Double>, Int, UnsafePointer<Double>, Int) -> Void

    private static func limit(_ limit: @escaping Limit) -> @Sendable (Int) -> Void {
        let bounds = Buckets.seconds.upperBounds
        let values = SampleRequests.logUniformSeconds
        return { limit(UInt64($0), bounds, bounds.count, values, values.count) }
    }
}
