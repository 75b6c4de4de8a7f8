// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetricsPrometheus
import WingbeatModel

@testable import WingbeatMetrics

@Suite("Prometheus text of histograms")
struct HistogramTextTests {
    private let registry = quietRegistry()

    @Test("a histogram without values has all its lines, at zero")
    func empty() {
        _ = registry.histogram("size", buckets: Buckets([1]))[]
        #expect(
            exposition(registry) == """
                # TYPE size histogram
                size_bucket{le="1"} 0
                size_bucket{le="+Inf"} 0
                size_sum 0
                size_count 0

                """
        )
    }

    @Test("buckets are cumulative and end at +Inf, which is the count")
    func cumulative() {
        let family = registry.histogram(
            "http.server.duration",
            help: "How long.",
            unit: "seconds",
            buckets: Buckets([0.005, 0.5, 10]),
            labels: ["method"]
        )
        for value in [0.005, 0.25, 0.25, 1, 100] { family["GET"].observe(value) }
        #expect(
            exposition(registry) == """
                # HELP http_server_duration_seconds How long.
                # TYPE http_server_duration_seconds histogram
                http_server_duration_seconds_bucket{method="GET",le="0.005"} 1
                http_server_duration_seconds_bucket{method="GET",le="0.5"} 3
                http_server_duration_seconds_bucket{method="GET",le="10"} 4
                http_server_duration_seconds_bucket{method="GET",le="+Inf"} 5
                http_server_duration_seconds_sum{method="GET"} 101.505
                http_server_duration_seconds_count{method="GET"} 5

                """
        )
    }

    @Test("a layout without bounds has one bucket")
    func noBounds() {
        registry.histogram("size", buckets: Buckets([]))[].observe(-2)
        let expected = "# TYPE size histogram\nsize_bucket{le=\"+Inf\"} 1\nsize_sum -2\nsize_count 1\n"
        #expect(exposition(registry) == expected)
    }

    @Test("negative, small and large bounds are written as numbers")
    func bounds() {
        _ = registry.histogram("size", buckets: Buckets([-1.5, 0, 1e-9, 1e300]))[]
        let bounds = exposition(registry).split(separator: "\n").compactMap { line in
            line.split(separator: "\"").dropFirst().first
        }
        #expect(bounds == ["-1.5", "0", "1e-09", "1e+300", "+Inf"])
    }

    @Test("counts beyond the exact range of floating-point numbers are written whole")
    func hugeCounts() {
        let histogram = MetricSnapshot.Histogram(upperBounds: [1], counts: [1 << 63, (1 << 63) - 1], sum: .infinity)
        #expect(
            encoded(histogram) == """
                # TYPE size histogram
                size_bucket{le="1"} 9223372036854775808
                size_bucket{le="+Inf"} 18446744073709551615
                size_sum +Inf
                size_count 18446744073709551615

                """
        )
    }

    @Test("counts that overflow wrap around and never trap")
    func overflowingCounts() {
        let histogram = MetricSnapshot.Histogram(upperBounds: [1], counts: [.max, 2], sum: 0)
        #expect(histogram.count == 1)
        #expect(encoded(histogram).hasSuffix("size_count 1\n"))
    }

    @Test("a histogram's own label le does not mix with the bounds")
    func ownBoundLabel() {
        registry.histogram("size", buckets: Buckets([1]), labels: ["le"])["here"].observe(1)
        #expect(
            exposition(registry) == """
                # TYPE size histogram
                size_bucket{exported_le="here",le="1"} 1
                size_bucket{exported_le="here",le="+Inf"} 1
                size_sum{exported_le="here"} 1
                size_count{exported_le="here"} 1

                """
        )
    }

    /// The text of a distribution that no registry would make.
    private func encoded(_ histogram: MetricSnapshot.Histogram) -> String {
        _ = registry.histogram("size", buckets: Buckets([1]))[]
        let families = registry.snapshot().families.filter { $0.descriptor.name == "size" }.map { family in
            MetricSnapshot.Family(
                descriptor: family.descriptor,
                series: [MetricSnapshot.Series(labels: .empty, value: .histogram(histogram))]
            )
        }
        return text(PrometheusTextEncoder().encode(MetricSnapshot(families: families)))
    }
}
