// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics
import WingbeatMetricsPrometheus
import WingbeatModel

@Suite("Names in Prometheus text")
struct NameTests {
    private let registry = quietRegistry()

    @Test("a family without a name gets one that is valid")
    func empty() {
        registry.gauge("", labels: [""])["x"].set(1)
        #expect(exposition(registry) == "# TYPE _ gauge\n_{_=\"x\"} 1\n")
    }

    @Test(
        "counters end in their unit and _total, whatever they were called",
        arguments: [
            ("requests", "", "requests_total"), ("requests_total", "", "requests_total"),
            ("requests.total", "", "requests_total"), ("sent", "bytes", "sent_bytes_total"),
            ("sent_bytes", "bytes", "sent_bytes_total"), ("sent.bytes.total", "bytes", "sent_bytes_total"),
            ("sent_total", "bytes", "sent_bytes_total"), ("total", "", "total_total"),
            ("sentbytes", "bytes", "sentbytes_bytes_total"),
        ]
    )
    func counters(name: String, unit: String, expected: String) {
        registry.counter(name, unit: unit)[].increment()
        #expect(exposition(registry) == "# TYPE \(expected) counter\n\(expected) 1\n")
    }

    @Test(
        "gauges end in their unit, and keep a _total of their own",
        arguments: [
            ("memory", "", "memory"), ("memory", "bytes", "memory_bytes"), ("memory.bytes", "bytes", "memory_bytes"),
            ("memory_total", "", "memory_total"), ("rate", "bytes/s", "rate_bytes_s"),
        ]
    )
    func gauges(name: String, unit: String, expected: String) {
        registry.gauge(name, unit: unit)[].set(1)
        #expect(exposition(registry) == "# TYPE \(expected) gauge\n\(expected) 1\n")
    }

    @Test(
        "characters that Prometheus does not know become underscores",
        arguments: [
            ("a.b-c d/e", "a_b_c_d_e"), ("9lives", "_9lives"), ("job:rate5m", "job:rate5m"), ("é", "_"), ("aéb", "a_b"),
            ("a\nb", "a_b"), ("Az_09", "Az_09"), ("\u{1F426}", "_"),
        ]
    )
    func metricNames(name: String, expected: String) {
        registry.gauge(name)[].set(1)
        #expect(exposition(registry) == "# TYPE \(expected) gauge\n\(expected) 1\n")
    }

    @Test(
        "label names have no colons either",
        arguments: [("a.b", "a_b"), ("a:b", "a_b"), ("1", "_1"), ("http.route", "http_route"), ("x\"y", "x_y")]
    )
    func labelNames(name: String, expected: String) {
        registry.gauge("a", labels: [name])["v"].set(1)
        #expect(exposition(registry) == "# TYPE a gauge\na{\(expected)=\"v\"} 1\n")
    }

    @Test("labels whose names become the same are one label, for a name twice would spoil the whole scrape")
    func labelClash() {
        registry.gauge("a", labels: ["x.y", "x_y", "xAy"])["1", "2", "3"].set(1)
        #expect(exposition(registry) == "# TYPE a gauge\na{x_y=\"1;2\",xAy=\"3\"} 1\n")
    }

    @Test("the label le is free for use outside of histograms")
    func boundLabel() {
        registry.gauge("a", labels: ["le"])["1"].set(1)
        #expect(exposition(registry) == "# TYPE a gauge\na{le=\"1\"} 1\n")
    }

    @Test("of two families with one exposed name the second is a comment")
    func nameClash() {
        registry.gauge("sent", unit: "bytes")[].set(1)
        registry.gauge("sent_bytes")[].set(7)
        registry.gauge("other")[].set(2)
        #expect(
            exposition(registry) == """
                # TYPE sent_bytes gauge
                sent_bytes 1
                # sent_bytes is exposed already; a second metric with that name is left out.
                # TYPE other gauge
                other 2

                """
        )
    }

    @Test("a family may not take a name from between a histogram's lines")
    func nameClashWithHistogram() {
        registry.histogram("size", buckets: Buckets([]))[].observe(1)
        registry.gauge("size_count")[].set(5)
        registry.gauge("size_max")[].set(5)
        #expect(
            exposition(registry) == """
                # TYPE size histogram
                size_bucket{le="+Inf"} 1
                size_sum 1
                size_count 1
                # size_count is exposed already; a second metric with that name is left out.
                # TYPE size_max gauge
                size_max 5

                """
        )
    }

    @Test("a family without series takes no name")
    func emptyFamilyTakesNoName() {
        _ = registry.gauge("sent", unit: "bytes")
        registry.gauge("sent_bytes")[].set(1)
        #expect(exposition(registry) == "# TYPE sent_bytes gauge\nsent_bytes 1\n")
    }
}
