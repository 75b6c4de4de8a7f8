// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCompression
import WingbeatMetrics
import WingbeatMetricsInfluxDB
import WingbeatMetricsPush
import WingbeatModel

@Suite("InfluxDB's line protocol")
struct InfluxDBEncoderTests {
    @Test("nothing is sent where there is nothing, or nothing happened")
    func empty() {
        #expect(InfluxDBEncoder().encode(MetricSnapshot(families: []), at: 1).isEmpty)
        let idle = MetricSnapshot(families: [
            family("no.series", .counter), family("idle", .counter, ([:], .counter(0))),
            family("quiet", .histogram, ([:], .histogram(.init(upperBounds: [], counts: [0], sum: 0)))),
        ])
        #expect(lines(idle).isEmpty)
    }

    @Test("Go kit's lines: count, value, quantiles; tags sorted; one time; no trailing zeros")
    func golden() {
        let sketch = ExponentialCounts(schema: 0, zeroCount: 5, positive: [.init(index: 1, count: 5)])
        let reading = MetricSnapshot(families: [
            family(
                "influx_counter",
                .counter,
                (["error": "true", "a": "b"], .counter(1)),
                (["a": "c"], .counter(2.5))
            ),
            family("influx_gauge", .gauge, (["a": "b"], .gauge(50)), ([:], .gauge(-0.000125)), (["z": ""], .gauge(0))),
            family(
                "influx_histogram",
                .histogram,
                (["foo": "alpha"], .histogram(.init(upperBounds: [1], counts: [5, 5], sum: 7.25, sketch: sketch))),
                (["foo": "beta"], .histogram(.init(upperBounds: [1], counts: [3, 1], sum: 12)))
            ),
        ])
        #expect(
            lines(reading) == [
                "influx_counter,a=b,error=true count=1 1480000000000000000",
                "influx_counter,a=c count=2.5 1480000000000000000",
                "influx_gauge,a=b value=50 1480000000000000000",
                "influx_gauge value=-0.000125 1480000000000000000",
                "influx_gauge value=0 1480000000000000000",
                "influx_histogram,foo=alpha p50=0,p90=1.4142135623730951,p95=1.4142135623730951,"
                    + "p99=1.4142135623730951,count=10,sum=7.25 1480000000000000000",
                "influx_histogram,foo=beta count=4,sum=12 1480000000000000000",
            ]
        )
    }

    @Test("an exporter's own labels are tags too; those of the series win")
    func ownLabels() {
        let encoder = InfluxDBEncoder(labels: ["host": "h1", "a": "own"])
        let reading = MetricSnapshot(families: [family("m", .gauge, (["a": "b"], .gauge(1)), ([:], .gauge(2)))])
        #expect(lines(reading, encoder) == ["m,a=b,host=h1 value=1 \(time)", "m,a=own,host=h1 value=2 \(time)"])
    }

    @Test(
        "names and values are escaped",
        arguments: [
            ("a b", "a\\ b", "a\\ b"), ("a,b", "a\\,b", "a\\,b"), ("a=b", "a=b", "a\\=b"), ("a\nb", "a_b", "a_b"),
            ("\0\u{7f}\r\t", "____", "____"), ("a\\b", "a\\b", "a\\b"), ("a\\", "a/", "a/"),
            ("a\\\\b", "a/\\b", "a/\\b"),
            ("a\\ b", "a/\\ b", "a/\\ b"), ("a\\,", "a/\\,", "a/\\,"), ("a\\=", "a/=", "a/\\="), ("#a", "_#a", "#a"),
            ("\"q\"", "\"q\"", "\"q\""), ("日本 é", "日本\\ é", "日本\\ é"), ("time", "time", "time"),
        ]
    )
    func escaping(text: String, measurement: String, tag: String) {
        let reading = MetricSnapshot(families: [family(text, .gauge, ([text: text], .gauge(1)))])
        let key = text == "time" ? "time_" : tag
        #expect(lines(reading) == ["\(measurement),\(key)=\(tag) value=1 \(time)"])
    }

    @Test("an empty name is written as an underscore")
    func emptyName() {
        #expect(lines(MetricSnapshot(families: [family("", .gauge, ([:], .gauge(1)))])) == ["_ value=1 \(time)"])
    }

    @Test("what the protocol cannot say is left out and counted, and the rest stays")
    func unspeakable() {
        let reading = MetricSnapshot(families: [
            family("g", .gauge, ([:], .gauge(.nan)), (["a": "1"], .gauge(.infinity)), (["a": "2"], .gauge(3))),
            family("h", .histogram, ([:], .histogram(.init(upperBounds: [], counts: [2], sum: -.infinity)))),
            family(String(repeating: "n", count: 65_535), .gauge, ([:], .gauge(1)), (["a": "b"], .gauge(2))),
        ])
        let registry = MetricRegistry()
        let found = lines(reading, InfluxDBEncoder(registry: registry))
        #expect(found.prefix(2) == ["g,a=2 value=3 \(time)", "h count=2 \(time)"])
        #expect(found.dropFirst(2).map(\.utf8.count) == [65_535 + " value=1 \(time)".utf8.count])
        let omitted = registry.counter("wingbeat.exporter.omitted", labels: ["exporter", "reason"])
        #expect(omitted["influxdb", "not_finite"].value == 3)
        #expect(omitted["influxdb", "too_long"].value == 1)
    }

    @Test("a body is split between lines before it is too large; a longer line goes alone")
    func split() {
        let all = MetricSnapshot(families: [
            family("m", .gauge, (["a": String(repeating: "x", count: 200)], .gauge(-1))),
            MetricSnapshot.Family(
                descriptor: MetricDescriptor(name: "m", kind: .gauge),
                series: (0..<100).map { .init(labels: ["n": "\($0)"], value: .gauge(Double($0))) }
            ),
        ])
        let messages = InfluxDBEncoder(maximumMessageSize: 100).encode(all, at: 1)
        #expect(messages.filter { $0.count > 100 }.count == 1)
        #expect(messages.allSatisfy { $0.last == UInt8(ascii: "\n") })
        #expect(messages.flatMap(\.self) == InfluxDBEncoder().encode(all, at: 1).flatMap(\.self))
        #expect(messages.count > 20 && messages.count < 60, "several lines share a message: \(messages.count)")
    }

    @Test("compressed bodies are the same bodies")
    func compressed() throws {
        let reading = MetricSnapshot(families: [family("m", .gauge, ([:], .gauge(1)))])
        let body = try #require(InfluxDBEncoder(isCompressed: true).encode(reading, at: 1).first)
        let plain = try Gzip.decompress(body, limit: 1000)
        #expect(plain == Array("m value=1 1\n".utf8))
    }
}

let time = 1_480_000_000_000_000_000 as UInt64

func lines(_ reading: MetricSnapshot, _ encoder: InfluxDBEncoder = InfluxDBEncoder()) -> [String] {
    encoder.encode(reading, at: time).flatMap { message in
        String(decoding: message, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

func family(
    _ name: String,
    _ kind: MetricKind,
    _ series: (LabelSet, MetricSnapshot.Value)...
) -> MetricSnapshot.Family {
    MetricSnapshot.Family(
        descriptor: MetricDescriptor(name: name, kind: kind),
        series: series.map { MetricSnapshot.Series(labels: $0.0, value: $0.1) }
    )
}
