// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics
import WingbeatMetricsPrometheus
import WingbeatModel

@Suite("Prometheus text of counters and gauges")
struct NumberTextTests {
    private let registry = quietRegistry()

    @Test("no families, no text; a family without series neither")
    func empty() {
        #expect(PrometheusTextEncoder().encode(MetricSnapshot(families: [])).isEmpty)
        _ = registry.counter("requests", help: "All of them.")
        _ = registry.gauge("queued", labels: ["queue"])
        _ = registry.histogram("size")
        #expect(exposition(registry).isEmpty)
    }

    @Test("a new registry shows its own four counters, at zero")
    func ownFamilies() {
        #expect(
            text(PrometheusTextEncoder().encode(registry.snapshot())) == """
                # HELP wingbeat_metrics_invalid_values_total Values that could not be recorded: negative, NaN or infinite.
                # TYPE wingbeat_metrics_invalid_values_total counter
                wingbeat_metrics_invalid_values_total 0
                # HELP wingbeat_metrics_shape_conflicts_total Look-ups of a metric as what it is not, or beyond the limit of names.
                # TYPE wingbeat_metrics_shape_conflicts_total counter
                wingbeat_metrics_shape_conflicts_total 0
                # HELP wingbeat_metrics_series_overflows_total Look-ups that met the limit of series per family.
                # TYPE wingbeat_metrics_series_overflows_total counter
                wingbeat_metrics_series_overflows_total 0
                # HELP wingbeat_metrics_cut_label_values_total Look-ups with a label value that was too long and was cut.
                # TYPE wingbeat_metrics_cut_label_values_total counter
                wingbeat_metrics_cut_label_values_total 0

                """
        )
    }

    @Test("a counter has its help, its type and one line for each series")
    func counter() {
        let requests = registry.counter("http.requests", help: "All of them.", labels: ["method", "code"])
        requests["GET", "200"].increment(by: 3)
        requests["POST", "500"].increment(by: 0.5)
        registry.counter("http.requests")[].increment()
        #expect(
            exposition(registry) == """
                # HELP http_requests_total All of them.
                # TYPE http_requests_total counter
                http_requests_total{code="200",method="GET"} 3
                http_requests_total{code="500",method="POST"} 0.5
                http_requests_total 1

                """
        )
    }

    @Test("without help there is no HELP line")
    func gauge() {
        registry.gauge("queued", labels: ["queue"])["mail"].set(-2)
        #expect(exposition(registry) == "# TYPE queued gauge\nqueued{queue=\"mail\"} -2\n")
    }

    @Test(
        "every number has the text that Prometheus reads",
        arguments: [
            (0, "0"), (-0.0, "-0"), (1, "1"), (-1.5, "-1.5"), (1e300, "1e+300"), (1e-300, "1e-300"), (.nan, "NaN"),
            (.infinity, "+Inf"), (-.infinity, "-Inf"), (9_007_199_254_740_992, "9007199254740992"), (0.1, "0.1"),
        ] as [(Double, String)]
    )
    func numbers(value: Double, expected: String) {
        registry.gauge("value")[].set(value)
        #expect(exposition(registry) == "# TYPE value gauge\nvalue \(expected)\n")
    }

    @Test("help escapes backslash and newline, and keeps quotes")
    func helpEscapes() {
        registry.gauge("a", help: "one \\ two\nthree \"four\"\tfive é")[].set(1)
        #expect(exposition(registry).hasPrefix("# HELP a one \\\\ two\\nthree \"four\"\tfive é\n# TYPE a gauge\n"))
    }

    @Test(
        "label values escape backslash, newline and quote, and nothing else",
        arguments: [
            ("\\", #"\\"#), ("\n", #"\n"#), ("\"", #"\""#), (#"C:\new"#, #"C:\\new"#), ("a\tb\r", "a\tb\r"),
            ("{a=\"b\",c}", #"{a=\"b\",c}"#), ("é\u{1F426}", "é\u{1F426}"), ("\r\n", "\r\\n"),
            ("\"\u{301}", "\\\"\u{301}"),
        ]
    )
    func labelEscapes(value: String, expected: String) {
        registry.gauge("a", labels: ["b"])[value].set(1)
        #expect(Array(exposition(registry).utf8) == Array("# TYPE a gauge\na{b=\"\(expected)\"} 1\n".utf8))
    }
}
