// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics
import WingbeatMetricsPrometheus
import WingbeatModel

@Suite("Prometheus protobuf")
struct ProtobufEncoderTests {
    private let registry = quietRegistry()

    @Test("without families there are no bytes")
    func empty() {
        #expect(PrometheusProtobufEncoder().encode(MetricSnapshot(families: [])).isEmpty)
        _ = registry.counter("requests")
        #expect(protobuf(registry).isEmpty)
    }

    @Test("a family is one message with its length before it")
    func bytes() {
        let descriptor = MetricDescriptor(name: "a", kind: .gauge)
        let series = MetricSnapshot.Series(labels: ["b": "c"], value: .gauge(1.5))
        let snapshot = MetricSnapshot(families: [MetricSnapshot.Family(descriptor: descriptor, series: [series])])
        let golden: [UInt8] = [
            26,  // the length of all that follows
            0x0A, 1, UInt8(ascii: "a"), 0x18, 1,  // name, type
            0x22, 19, 0x0A, 6, 0x0A, 1, UInt8(ascii: "b"), 0x12, 1, UInt8(ascii: "c"),  // metric, label
            0x12, 9, 0x09, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F,  // gauge
        ]
        #expect(PrometheusProtobufEncoder().encode(snapshot) == golden)
    }

    @Test("counters, gauges and facts have the names of the text format")
    func numbers() {
        registry.counter("http.sent", help: "A \"b\"\n", unit: "bytes", labels: ["http.method"])["GET"].increment(by: 3)
        registry.gauge("queued")[].set(-2)
        registry.info("build", ["version": "1"])
        #expect(
            protobuf(registry) == """
                name: "http_sent_bytes_total"
                help: "A "b"\n"
                type: 0
                metric
                  label
                    name: "http_method"
                    value: "GET"
                  counter
                    value: 3.0
                unit: "bytes"
                name: "queued"
                type: 1
                metric
                  gauge
                    value: -2.0
                name: "build_info"
                type: 1
                metric
                  label
                    name: "version"
                    value: "1"
                  gauge
                    value: 1.0

                """
        )
    }

    @Test("a histogram without native buckets has cumulative ones, with exemplars")
    func classic() {
        let histogram = MetricSnapshot.Histogram(
            upperBounds: [1, 5],
            counts: [2, 3, 1],
            sum: 19.5,
            sketch: ExponentialCounts(schema: 6, positive: [ExponentialCounts.Bucket(index: 1, count: 6)]),
            exemplars: [exemplar(8.25, trace: 0xEF, seconds: 1_700_000_003)]
        )
        #expect(
            protobufText(PrometheusProtobufEncoder().encode(snapshot(of: histogram))) == """
                name: "latency"
                type: 4
                metric
                  histogram
                    sample_count: 6
                    sample_sum: 19.5
                    bucket
                      cumulative_count: 2
                      upper_bound: 1.0
                    bucket
                      cumulative_count: 5
                      upper_bound: 5.0
                    bucket
                      cumulative_count: 6
                      upper_bound: inf
                      exemplar
                        label
                          name: "trace_id"
                          value: "000000000000000100000000000000ef"
                        label
                          name: "span_id"
                          value: "0000000000000007"
                        value: 8.25
                        timestamp
                          seconds: 1700000003
                          nanos: 500

                """
        )
    }

    @Test("a name that is taken is left out")
    func nameClash() {
        registry.gauge("sent", unit: "bytes")[].set(1)
        registry.gauge("sent_bytes")[].set(7)
        #expect(protobuf(registry).contains("value: 1.0\n"))
        #expect(!protobuf(registry).contains("value: 7.0\n"))
    }

    private func protobuf(_ registry: MetricRegistry) -> String {
        let families = registry.snapshot().families.filter { !$0.descriptor.name.hasPrefix("wingbeat_metrics_") }
        return protobufText(PrometheusProtobufEncoder().encode(MetricSnapshot(families: families)))
    }
}
