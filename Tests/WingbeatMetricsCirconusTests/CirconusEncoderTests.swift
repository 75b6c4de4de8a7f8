// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing
import WingbeatMetrics
import WingbeatMetricsCirconus
import WingbeatMetricsPush
import WingbeatModel

@Suite("The JSON of an HTTPTrap")
struct CirconusEncoderTests {
    @Test("nothing is sent where there is nothing")
    func empty() {
        #expect(encoder().encode(MetricSnapshot(families: []), at: 1).isEmpty)
        #expect(encoder().encode(MetricSnapshot(families: [family("no.series", .counter)]), at: 1).isEmpty)
    }

    @Test("counters are sums, gauges numbers, histograms buckets of two digits; all but these with their time")
    func golden() {
        let sketch = ExponentialCounts(
            schema: 0,
            zeroCount: 5,
            positive: [.init(index: 1, count: 3), .init(index: 4, count: 2)],
            negative: [.init(index: -2, count: 1)]
        )
        let reading = MetricSnapshot(families: [
            family("requests", .counter, ([:], .counter(3)), (["method": "GET", "route": "/"], .counter(2.5))),
            family("gauge", .gauge, ([:], .gauge(-1.5))),
            family(
                "lat",
                .histogram,
                (["a": "b"], .histogram(.init(upperBounds: [], counts: [11], sum: 7.25, sketch: sketch)))
            ),
            family("plain", .histogram, ([:], .histogram(.init(upperBounds: [], counts: [4], sum: 12)))),
        ])
        #expect(
            text(encoder().encode(reading, at: 1_480_000_000_123_000_000)) == """
                {"requests":{"_type":"L","_value":3,"_ts":1480000000123},\
                "requests|ST[method:GET,route:/]":{"_type":"n","_value":2.5,"_ts":1480000000123},\
                "gauge":{"_type":"n","_value":-1.5,"_ts":1480000000123},\
                "lat.count|ST[a:b]":{"_type":"L","_value":11,"_ts":1480000000123},\
                "lat.sum|ST[a:b]":{"_type":"n","_value":7.25,"_ts":1480000000123},\
                "lat|ST[a:b]":{"_type":"h","_value":\
                ["H[-1.7e-01]=1","H[0.0e+00]=5","H[1.4e+00]=3","H[1.1e+01]=2"]},\
                "plain.count":{"_type":"L","_value":4,"_ts":1480000000123},\
                "plain.sum":{"_type":"n","_value":12,"_ts":1480000000123}}
                """
        )
    }

    @Test("quantiles instead of buckets, of the values since the flush before")
    func quantiles() {
        let encoder = encoder { $0.histograms = [.quantiles] }
        let first = ExponentialCounts(schema: 0, positive: [.init(index: 1, count: 100)])
        let second = ExponentialCounts(schema: 0, positive: [.init(index: 1, count: 100), .init(index: 3, count: 2)])
        _ = encoder.encode(histogram(100, 150, first), at: 0)
        let middle = second.middle(3)
        let quantiles = ["50", "90", "95", "99"].map { #""h.p\#($0)":{"_type":"n","_value":\#(middle),"_ts":1}"# }
        let sums = [#"{"h.count":{"_type":"L","_value":102,"_ts":1}"#, #""h.sum":{"_type":"n","_value":160,"_ts":1}"#]
        let expected = (sums + quantiles).joined(separator: ",") + "}"
        #expect(text(encoder.encode(histogram(102, 160, second), at: 1_000_000)) == expected)
    }

    @Test("buckets are those of the values since the flush before, and none where there were none")
    func differences() {
        let encoder = encoder()
        let sketch = ExponentialCounts(schema: 0, positive: [.init(index: 1, count: 3)])
        #expect(text(encoder.encode(histogram(3, 4, sketch), at: 0)).contains(#"["H[1.4e+00]=3"]"#))
        #expect(!text(encoder.encode(histogram(3, 4, sketch), at: 0)).contains("H["))
        let more = ExponentialCounts(schema: 0, positive: [.init(index: 1, count: 4)])
        #expect(text(encoder.encode(histogram(4, 5, more), at: 0)).contains(#"["H[1.4e+00]=1"]"#))
    }

    @Test(
        "tags with odd characters are written in base 64, names without what Circonus forbids",
        arguments: [
            ("a", "a", "a"), ("é", "é", #"b"w6k=""#), ("a b", "a b", #"b"YSBi""#), ("a,b", "a,b", #"b"YSxi""#),
            ("]", "]", #"b"XQ==""#), ("a|ST[b:c]", "a_ST[b:c]", #"b"YXxTVFtiOmNd""#), ("a\0\n", "a__", #"b"YQAK""#),
            (#"b"eA==""#, #"b"eA==""#, #"b"YiJlQT09Ig==""#), ("_value", "_value_", "_value"),
        ]
    )
    func escaping(sample: String, name: String, tag: String) throws {
        let reading = MetricSnapshot(families: [family(sample, .gauge, ([sample: sample], .gauge(1)), ([:], .gauge(2)))]
        )
        let found = try names(encoder().encode(reading, at: 0))
        #expect(found == ["\(name)|ST[\(tag):\(tag)]", name])
    }

    @Test("a colon and an equals sign may stand in a value but not in a tag's name; own labels are tags")
    func tagCharacters() throws {
        let reading = MetricSnapshot(families: [family("m", .gauge, (["a:b": "c:d=e"], .gauge(1)))])
        let found = try names(encoder { $0.labels = ["host": "h1", "empty": ""] }.encode(reading, at: 0))
        #expect(found == [#"m|ST[b"YTpi":c:d=e,host:h1]"#])
    }

    @Test("what Circonus does not take is left out and counted")
    func unspeakable() throws {
        let reading = MetricSnapshot(families: [
            family("g", .gauge, (["a": "1"], .gauge(.nan)), (["a": "2"], .gauge(.infinity)), (["a": "3"], .gauge(3))),
            family("t", .gauge, (["a": String(repeating: "x", count: 255)], .gauge(1))),
            family("u", .gauge, (["a": String(repeating: "x", count: 254)], .gauge(1))),
            family(String(repeating: "n", count: 4095), .gauge, ([:], .gauge(1)), (["a": "b"], .gauge(1))),
        ])
        let registry = MetricRegistry()
        let encoder = CirconusEncoder(CirconusConfiguration(submissionURL: ""), registry: registry)
        let found = try names(encoder.encode(reading, at: 0))
        let omitted = registry.counter("wingbeat.exporter.omitted", labels: ["exporter", "reason"])
        #expect(omitted["circonus", "not_finite"].value == 2)
        #expect(omitted["circonus", "too_long"].value == 2)
        #expect(found.map(\.count).sorted() == ["g|ST[a:3]".count, "u|ST[a:]".count + 254, 4095])
    }

    @Test("a body is split between metrics before it is too large")
    func split() throws {
        let series = (0..<100).map { MetricSnapshot.Series(labels: ["n": "\($0)"], value: .gauge(Double($0))) }
        let reading = MetricSnapshot(families: [
            MetricSnapshot.Family(descriptor: MetricDescriptor(name: "m", kind: .gauge), series: series)
        ])
        let messages = encoder { $0.maximumMessageSize = 500 }.encode(reading, at: 0)
        #expect(messages.allSatisfy { $0.count <= 500 && $0.count > 100 })
        #expect(try messages.flatMap { try names([$0]) }.count == 100)
    }

    @Test("random bytes in names and labels never break the JSON or a tag", arguments: 0..<20)
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let labels = LabelSet((0..<3).map { _ in Label(nastyText(using: &random), nastyText(using: &random)) })
            let reading = MetricSnapshot(families: [family(nastyText(using: &random), .gauge, (labels, .gauge(1.5)))])
            let name = try #require(try names(encoder().encode(reading, at: 0)).first)
            let tags = name.firstRange(of: "|ST[").map { name[$0.upperBound...].dropLast() } ?? ""
            let found = tags.split(separator: ",").map { $0.split(separator: ":", maxSplits: 1) }
            let expected = labels.labels.filter { !$0.name.isEmpty && !$0.value.isEmpty }
            try #require(found.map { $0.map(decoded) } == expected.map { [$0.name, $0.value] }, "\(name)")
        }
    }

    private func decoded(_ part: Substring) -> String {
        guard part.hasPrefix("b\"") else { return String(part) }
        return Data(base64Encoded: String(part.dropFirst(2).dropLast())).map { String(decoding: $0, as: UTF8.self) }
            ?? "?"
    }
}
