// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics
import WingbeatMetricsGraphite
import WingbeatMetricsPush
import WingbeatModel

@Suite("Graphite's plaintext protocol")
struct GraphiteEncoderTests {
    @Test("nothing is sent where there is nothing")
    func empty() {
        let encoder = GraphiteEncoder(GraphiteConfiguration(host: ""))
        #expect(encoder.encode(MetricSnapshot(families: []), at: 1).isEmpty)
        #expect(encoder.encode(MetricSnapshot(families: [family("no.series", .counter)]), at: 1).isEmpty)
    }

    @Test("flat names: labels become folders, in the order of their names")
    func flat() {
        let encoder = GraphiteEncoder(GraphiteConfiguration(host: ""))
        #expect(
            text(encoder.encode(sample, at: time)) == """
                http.requests.method_GET.route__orders 12 1480000020
                http.requests.method_POST 2.5 1480000020
                temperature -3.5 1480000020
                latency.p50 0 1480000020
                latency.p90 1.4142135623730951 1480000020
                latency.p95 1.4142135623730951 1480000020
                latency.p99 1.4142135623730951 1480000020
                latency.count 10 1480000020
                latency.sum 7.25 1480000020
                plain.method_GET.count 4 1480000020
                plain.method_GET.sum 12 1480000020

                """
        )
    }

    @Test("tagged names: labels are tags, and a suffix belongs to the name")
    func tagged() {
        var configuration = GraphiteConfiguration(host: "")
        configuration.naming = .tagged
        configuration.prefix = "shop.checkout"
        configuration.labels = ["host": "h1", "method": "own"]
        let found = text(GraphiteEncoder(configuration).encode(sample, at: time))
        #expect(
            found.split(separator: "\n").filter { !$0.contains(".p9") } == [
                "shop.checkout.http.requests;host=h1;method=GET;route=/orders 12 1480000020",
                "shop.checkout.http.requests;host=h1;method=POST 2.5 1480000020",
                "shop.checkout.temperature;host=h1;method=own -3.5 1480000020",
                "shop.checkout.latency.p50;host=h1;method=own 0 1480000020",
                "shop.checkout.latency.count;host=h1;method=own 10 1480000020",
                "shop.checkout.latency.sum;host=h1;method=own 7.25 1480000020",
                "shop.checkout.plain.count;host=h1;method=GET 4 1480000020",
                "shop.checkout.plain.sum;host=h1;method=GET 12 1480000020",
            ]
        )
    }

    @Test(
        "what would break a line, a path or a tag is replaced",
        arguments: [
            ("a.b-c_D9", "a.b-c_D9", "l_a_b-c_D9", "l=a.b-c_D9"), ("a b", "a_b", "l_a_b", "l=a_b"),
            ("a;b=c", "a_b_c", "l_a_b_c", "l=a_b=c"), ("~a~", "_a_", "l__a_", "l=_a~"),
            ("..a..b.", "a.b", "l___a__b_", "l=..a..b."),
            ("a\n\r\t\0b", "a____b", "l_a____b", "l=a____b"), ("a\u{a0}\u{2028}b", "a__b", "l_a__b", "l=a__b"),
            ("日本", "__", "l___", "l=日本"), ("{\"}", "___", "l____", "l={_}"), ("!^", "__", "l___", "l=!^"),
            (".", "_", "l__", "l=."),
        ]
    )
    func escaping(sample: String, name: String, node: String, tag: String) {
        let reading = MetricSnapshot(families: [family(sample, .gauge, (["l": sample], .gauge(1)))])
        var configuration = GraphiteConfiguration(host: "")
        #expect(text(GraphiteEncoder(configuration).encode(reading, at: time)) == "\(name).\(node) 1 1480000020\n")
        configuration.naming = .tagged
        #expect(text(GraphiteEncoder(configuration).encode(reading, at: time)) == "\(name);\(tag) 1 1480000020\n")
    }

    @Test("names of tags follow carbon's rules, and `name` is not taken from it")
    func tagNames() {
        var configuration = GraphiteConfiguration(host: "")
        configuration.naming = .tagged
        let labels: LabelSet = ["name": "x", "a=b!^;c": "y", "empty": "", "": "z"]
        let reading = MetricSnapshot(families: [family("m", .gauge, (labels, .gauge(1)))])
        #expect(
            text(GraphiteEncoder(configuration).encode(reading, at: time))
                == "m;a_b___c=y;exported_name=x 1 1480000020\n"
        )
    }

    @Test("what cannot be said, or would end the connection, is left out and counted")
    func unspeakable() {
        let long = String(repeating: "n", count: 16_370)
        let reading = MetricSnapshot(families: [
            family("g", .gauge, ([:], .gauge(.nan)), (["a": "1"], .gauge(.infinity)), (["a": "2"], .gauge(3))),
            family(long, .gauge, ([:], .gauge(1)), (["a": "b"], .gauge(2))),
        ])
        let registry = MetricRegistry()
        let encoder = GraphiteEncoder(GraphiteConfiguration(host: ""), registry: registry)
        let found = text(encoder.encode(reading, at: time))
        let omitted = registry.counter("wingbeat.exporter.omitted", labels: ["exporter", "reason"])
        #expect(omitted["graphite", "not_finite"].value == 2)
        #expect(omitted["graphite", "too_long"].value == 1)
        #expect(found == "g.a_2 3 1480000020\n\(long) 1 1480000020\n")
    }

    @Test("packets hold whole lines and pass Ethernet unbroken")
    func packets() {
        var configuration = GraphiteConfiguration(host: "")
        configuration.transport = .udp
        let series = (0..<500).map { MetricSnapshot.Series(labels: ["n": "\($0)"], value: .gauge(Double($0))) }
        let reading = MetricSnapshot(families: [
            MetricSnapshot.Family(descriptor: MetricDescriptor(name: "m", kind: .gauge), series: series)
        ])
        let packets = GraphiteEncoder(configuration).encode(reading, at: time)
        #expect(packets.allSatisfy { $0.count <= 1432 && $0.last == UInt8(ascii: "\n") })
        #expect(packets.dropLast().allSatisfy { $0.count > 1400 }, "they are filled")
        #expect(text(packets).split(separator: "\n").count == 500)
    }
}

/// Its minute began at 1,480,000,020.
let time = 1_480_000_061_000_000_000 as UInt64

private let sample = MetricSnapshot(families: [
    family(
        "http.requests",
        .counter,
        (["route": "/orders", "method": "GET"], .counter(12)),
        (["method": "POST"], .counter(2.5))
    ),
    family("temperature", .gauge, ([:], .gauge(-3.5))),
    family(
        "latency",
        .histogram,
        (
            [:],
            .histogram(
                .init(
                    upperBounds: [1],
                    counts: [5, 5],
                    sum: 7.25,
                    sketch: .init(schema: 0, zeroCount: 5, positive: [.init(index: 1, count: 5)])
                )
            )
        )
    ),
    family("plain", .histogram, (["method": "GET"], .histogram(.init(upperBounds: [1], counts: [3, 1], sum: 12)))),
])

func text(_ messages: [[UInt8]]) -> String { String(decoding: messages.flatMap(\.self), as: UTF8.self) }

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
