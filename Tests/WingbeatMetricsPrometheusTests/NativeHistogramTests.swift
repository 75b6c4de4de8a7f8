// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics
import WingbeatMetricsPrometheus
import WingbeatModel

@Suite("Native histograms")
struct NativeHistogramTests {
    typealias Bucket = ExponentialCounts.Bucket

    @Test("without values there are a schema and a zero bucket, by which Prometheus knows it is a native one")
    func empty() {
        #expect(
            native(ExponentialCounts(schema: 3), schema: 3) == """
                sample_count: 0
                schema: 3
                zero_threshold: 2.938735877055719e-39
                zero_count: 0

                """
        )
    }

    @Test("buckets are spans of neighbours, and their counts are differences")
    func spans() {
        let sketch = ExponentialCounts(
            schema: 2,
            zeroCount: 4,
            zeroThreshold: 0.001,
            positive: [
                Bucket(index: -3, count: 5), Bucket(index: -2, count: 2), Bucket(index: 1, count: 9),
                Bucket(index: 2, count: 9),
            ],
            negative: [Bucket(index: 40, count: 1)]
        )
        #expect(
            native(sketch, schema: 2) == """
                sample_count: 30
                schema: 2
                zero_threshold: 0.001
                zero_count: 4
                negative_span
                  offset: 40
                  length: 1
                negative_delta: [1]
                positive_span
                  offset: -3
                  length: 2
                positive_span
                  offset: 2
                  length: 2
                positive_delta: [5, -3, 7, 0]

                """
        )
    }

    @Test("the sketch is made as coarse as the declaration has it")
    func coarsened() {
        let sketch = ExponentialCounts(
            schema: 6,
            positive: [Bucket(index: 1, count: 1), Bucket(index: 8, count: 2), Bucket(index: 9, count: 4)]
        )
        #expect(
            native(sketch, schema: 3) == """
                sample_count: 7
                schema: 3
                zero_threshold: 2.938735877055719e-39
                zero_count: 0
                positive_span
                  offset: 1
                  length: 2
                positive_delta: [3, 1]

                """
        )
    }

    @Test("there are never more than 160 buckets: it becomes coarser instead", arguments: [159, 160, 161, 320, 10_000])
    func limited(buckets: Int) throws {
        let sketch = ExponentialCounts(
            schema: 6,
            positive: (0..<buckets / 2).map { Bucket(index: $0 * 7, count: 1) },
            negative: (buckets / 2..<buckets).map { Bucket(index: $0, count: 1) }
        )
        let lines = native(sketch, schema: 6).split(separator: "\n")
        let lengths = lines.filter { $0.hasPrefix("  length: ") }.compactMap { Int($0.dropFirst("  length: ".count)) }
        #expect(lengths.reduce(0, +) <= 160)
        #expect((lengths.reduce(0, +) == buckets) == (buckets <= 160))
        #expect(lines.first == "sample_count: \(buckets)")
        #expect(lines.contains("schema: 6") == (buckets <= 160))
    }

    @Test("the coarsest schema of Prometheus is kept, whatever was declared", arguments: [(-9, -4), (-4, -4), (9, 6)])
    func schemaLimits(declared: Int, expected: Int) {
        let sketch = ExponentialCounts(schema: 6, positive: [Bucket(index: 1, count: 1)])
        #expect(native(sketch, schema: declared).contains("schema: \(expected)\n"))
    }

    @Test("the classic buckets never count more than the native ones, from which the count comes")
    func concurrentlyWritten() {
        let histogram = MetricSnapshot.Histogram(
            upperBounds: [1, 2],
            counts: [3, 4, 5],
            sum: 30,
            sketch: ExponentialCounts(schema: 6, positive: [Bucket(index: 9, count: 5)])
        )
        let text = protobufText(PrometheusProtobufEncoder().encode(snapshot(of: histogram, nativeSchema: 3)))
        let counts = text.split(separator: "\n").filter { $0.contains("_count: ") }.map { $0.drop { $0 == " " } }
        #expect(
            counts == [
                "sample_count: 5", "cumulative_count: 3", "cumulative_count: 5", "cumulative_count: 5", "zero_count: 0",
            ]
        )
    }

    @Test("a histogram that declares native buckets and has no sketch stays a classic one")
    func noSketch() {
        let histogram = MetricSnapshot.Histogram(upperBounds: [], counts: [3], sum: 30)
        let text = protobufText(PrometheusProtobufEncoder().encode(snapshot(of: histogram, nativeSchema: 3)))
        #expect(text.contains("sample_count: 3\n"))
        #expect(!text.contains("schema"))
    }

    /// The native part of a histogram with this sketch, and its count.
    private func native(_ sketch: ExponentialCounts, schema: Int) -> String {
        let histogram = MetricSnapshot.Histogram(upperBounds: [], counts: [sketch.count], sum: 0, sketch: sketch)
        let text = protobufText(PrometheusProtobufEncoder().encode(snapshot(of: histogram, nativeSchema: schema)))
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
        let classic = ["sample_sum", "bucket", "  cumulative_count", "  upper_bound"]
        return lines.filter { line in !classic.contains { line.hasPrefix($0) } }.map { $0 + "\n" }.joined()
    }
}
