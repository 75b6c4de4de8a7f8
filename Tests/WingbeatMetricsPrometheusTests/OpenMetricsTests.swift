// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics
import WingbeatMetricsPrometheus
import WingbeatModel

@Suite("OpenMetrics")
struct OpenMetricsTests {
    private let registry = quietRegistry()

    @Test("without families there is only the end mark")
    func empty() {
        #expect(text(PrometheusTextEncoder(format: .openMetrics).encode(MetricSnapshot(families: []))) == "# EOF\n")
        _ = registry.counter("requests", help: "All of them.")
        #expect(openMetrics(registry) == "# EOF\n")
    }

    @Test("a counter's type and help name it without _total, its samples with it")
    func counter() {
        let requests = registry.counter("http.requests", help: "All \"of\" them.\\\n", labels: ["method"])
        requests["GET"].increment(by: 3)
        requests["a\"b\\c\nd"].increment(by: 0.5)
        #expect(
            openMetrics(registry) == #"""
                # HELP http_requests All \"of\" them.\\\n
                # TYPE http_requests counter
                http_requests_total{method="GET"} 3
                http_requests_total{method="a\"b\\c\nd"} 0.5
                # EOF

                """#
        )
    }

    @Test("a unit is told where there is one, and the name ends in it")
    func units() {
        registry.counter("sent.bytes.total", unit: "bytes")[].increment()
        registry.gauge("rate", unit: "bytes/s")[].set(-1)
        registry.gauge("ratio")[].set(.nan)
        #expect(
            openMetrics(registry) == """
                # TYPE sent_bytes counter
                # UNIT sent_bytes bytes
                sent_bytes_total 1
                # TYPE rate_bytes_s gauge
                # UNIT rate_bytes_s bytes_s
                rate_bytes_s -1
                # TYPE ratio gauge
                ratio NaN
                # EOF

                """
        )
    }

    @Test(
        "facts are an info family; in the other text they are a gauge",
        arguments: ["build", "build_info", "build.info"]
    )
    func info(name: String) {
        registry.info(name, help: "What runs.", ["version": "1.2"])
        #expect(
            openMetrics(registry) == """
                # HELP build What runs.
                # TYPE build info
                build_info{version="1.2"} 1
                # EOF

                """
        )
        #expect(
            exposition(registry) == """
                # HELP build_info What runs.
                # TYPE build_info gauge
                build_info{version="1.2"} 1

                """
        )
    }

    @Test("a histogram's bounds are written as Go writes numbers")
    func histogram() {
        registry.histogram("size", unit: "bytes", buckets: Buckets([0, 0.25, 1, 2_500_000]))[].observe(1)
        #expect(
            openMetrics(registry) == """
                # TYPE size_bytes histogram
                # UNIT size_bytes bytes
                size_bytes_bucket{le="0.0"} 0
                size_bytes_bucket{le="0.25"} 0
                size_bytes_bucket{le="1.0"} 1
                size_bytes_bucket{le="2.5e+06"} 1
                size_bytes_bucket{le="+Inf"} 1
                size_bytes_sum 1
                size_bytes_count 1
                # EOF

                """
        )
    }

    @Test(
        "bounds have the text that Go's %g gives them, and a point",
        arguments: [
            (1, "1.0"), (10, "10.0"), (0.001, "0.001"), (999_999, "999999.0"), (1e6, "1e+06"),
            (1_234_567.5, "1.2345675e+06"),
            (1e15, "1e+15"), (1.5e16, "1.5e+16"), (1e300, "1e+300"), (1e-5, "1e-05"), (0.0001, "0.0001"),
            (9_007_199_254_740_992, "9.007199254740992e+15"),
        ]
    )
    func bounds(bound: Double, expected: String) {
        registry.histogram("size", buckets: Buckets([bound]))[].observe(0)
        #expect(openMetrics(registry).contains("size_bucket{le=\"\(expected)\"} 1\n"))
    }

    @Test("a histogram with negative bounds has no sum and no count, which a counter could not follow")
    func negativeBounds() {
        registry.histogram("change", buckets: Buckets([-2_000_000, 0]))[].observe(-1)
        #expect(
            openMetrics(registry) == """
                # TYPE change histogram
                change_bucket{le="-2e+06"} 0
                change_bucket{le="0.0"} 1
                change_bucket{le="+Inf"} 1
                # EOF

                """
        )
    }

    @Test("exemplars stand behind their buckets, the newest of each")
    func exemplars() {
        let histogram = MetricSnapshot.Histogram(
            upperBounds: [1, 5],
            counts: [2, 0, 1],
            sum: 9.5,
            exemplars: [
                exemplar(0.25, trace: 0xAB, seconds: 1_700_000_001), exemplar(1, trace: 0xCD, seconds: 1_700_000_002),
                exemplar(8.25, trace: 0xEF, seconds: 1_700_000_003),
            ]
        )
        #expect(
            text(PrometheusTextEncoder(format: .openMetrics).encode(snapshot(of: histogram))) == """
                # TYPE latency histogram
                latency_bucket{le="1.0"} 2 # {trace_id="000000000000000100000000000000cd",span_id="0000000000000007"} \
                1 1700000002.000000500
                latency_bucket{le="5.0"} 2
                latency_bucket{le="+Inf"} 3 # {trace_id="000000000000000100000000000000ef",span_id="0000000000000007"} \
                8.25 1700000003.000000500
                latency_sum 9.5
                latency_count 3
                # EOF

                """
        )
        #expect(!text(PrometheusTextEncoder().encode(snapshot(of: histogram))).contains("trace_id"))
    }

    @Test("a family whose name another one needs is left out, and there is no comment")
    func nameClash() {
        registry.counter("sent", unit: "bytes")[].increment()
        registry.gauge("sent_bytes")[].set(7)
        registry.gauge("sent_bytes_created")[].set(7)
        registry.gauge("other")[].set(2)
        #expect(
            openMetrics(registry) == """
                # TYPE sent_bytes counter
                # UNIT sent_bytes bytes
                sent_bytes_total 1
                # TYPE other gauge
                other 2
                # EOF

                """
        )
        #expect(exposition(registry).contains("# TYPE sent_bytes gauge\nsent_bytes 7\n"))
    }
}
