// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing
import WingbeatMetrics
import WingbeatMetricsExpvar
import WingbeatModel

@Suite("Variables as Go's expvar shows them")
struct ExpvarEncoderTests {
    @Test("without metrics there are the command line and the memory, as with Go")
    func empty() {
        #expect(text(MetricSnapshot(families: [])) == "{\n\"cmdline\": [],\n\"memstats\": {}\n}\n")
        let memory = MemoryStatistics(heapAlloc: 1, heapSys: 3, heapIdle: 2)
        let body = ExpvarEncoder(commandLine: ["./a", "-x \"y\""]).encode(MetricSnapshot(families: []), memory: memory)
        #expect(
            String(decoding: body, as: UTF8.self) == #"""
                {
                "cmdline": ["./a","-x \"y\""],
                "memstats": {"Alloc":1,"HeapAlloc":1,"HeapIdle":2,"HeapInuse":1,"HeapSys":3,"Sys":3}
                }

                """#
        )
    }

    @Test("numbers without labels, maps with; sorted by name; histograms with their quantiles")
    func golden() {
        let sketch = ExponentialCounts(schema: 0, zeroCount: 5, positive: [.init(index: 1, count: 5)])
        let reading = MetricSnapshot(families: [
            family(
                "requests",
                .counter,
                (["route": "/", "method": "POST"], .counter(2.5)),
                (["method": "GET"], .counter(3)),
                ([:], .counter(1))
            ),
            family("jobs", .counter, ([:], .counter(3))),
            family("Zulu", .gauge, ([:], .gauge(.nan))),
            family(
                "lat",
                .histogram,
                ([:], .histogram(.init(upperBounds: [], counts: [10], sum: 7.25, sketch: sketch)))
            ),
            family("plain", .histogram, (["a": "b"], .histogram(.init(upperBounds: [], counts: [4], sum: 12)))),
            family("no.series", .counter),
        ])
        #expect(
            text(reading) == """
                {
                "Zulu": null,
                "cmdline": [],
                "jobs": 3,
                "lat.count": 10,
                "lat.p50": 0,
                "lat.p90": 1.4142135623730951,
                "lat.p95": 1.4142135623730951,
                "lat.p99": 1.4142135623730951,
                "lat.sum": 7.25,
                "memstats": {},
                "plain.count": {"a=b": 4},
                "plain.sum": {"a=b": 12},
                "requests": {"": 1, "method=GET": 3, "method=POST,route=/": 2.5}
                }

                """
        )
    }

    @Test("a metric does not take the place of Go's own variables, nor of another metric")
    func takenNames() {
        let reading = MetricSnapshot(families: [
            family("memstats", .gauge, ([:], .gauge(1))), family("cmdline", .gauge, ([:], .gauge(1))),
            family("h", .histogram, ([:], .histogram(.init(upperBounds: [], counts: [4], sum: 12)))),
            family("h.count", .counter, ([:], .counter(99))),
        ])
        #expect(text(reading) == "{\n\"cmdline\": [],\n\"h.count\": 4,\n\"h.sum\": 12,\n\"memstats\": {}\n}\n")
    }

    @Test("different labels have different keys, whatever is in them")
    func keys() {
        let reading = MetricSnapshot(families: [
            family(
                "m",
                .counter,
                (["a": "1,b=2"], .counter(1)),
                (["a": "1", "b": "2"], .counter(2)),
                (["a": "\\"], .counter(3)),
                (["a": "\"\n"], .counter(4))
            )
        ])
        let line = text(reading).split(separator: "\n").first { $0.hasPrefix("\"m\"") }
        #expect(line == #""m": {"a=\"\n": 4, "a=1,b=2": 2, "a=1\\,b\\=2": 1, "a=\\\\": 3},"#)
    }

    @Test("random bytes in names and labels never break the object or its lines", arguments: 0..<20)
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let labels = LabelSet((0..<3).map { _ in Label(nastyText(using: &random), nastyText(using: &random)) })
            let name = "n" + nastyText(using: &random)
            let body = text(
                MetricSnapshot(families: [family(name, .gauge, (labels, .gauge(1.5)), (["x": "y"], .gauge(2)))])
            )
            let object = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
            let values = try #require(object[name] as? [String: Double], "\(body)")
            try #require(values.values.sorted() == (labels == ["x": "y"] ? [2] : [1.5, 2]), "\(body)")
            try #require(body.utf8.count { $0 == UInt8(ascii: "\n") } == 5, "\(body)")
        }
    }

    private func text(_ reading: MetricSnapshot) -> String {
        String(decoding: ExpvarEncoder(commandLine: []).encode(reading, memory: nil), as: UTF8.self)
    }
}

@Suite("The endpoint of expvar")
struct ExpvarEndpointTests {
    @Test("it reads the registry at each request, and knows the process' memory")
    func respond() throws {
        let registry = MetricRegistry()
        let endpoint = ExpvarEndpoint(registry: registry)
        let jobs = registry.counter("jobs")
        jobs[].increment(by: 3)
        #expect(try variables(endpoint)["jobs"] as? Double == 3)
        jobs[].increment()
        let variables = try variables(endpoint)
        #expect(variables["jobs"] as? Double == 4)
        #expect(variables["cmdline"] as? [String] == CommandLine.arguments)
        #expect(endpoint.respond().contentType == "application/json; charset=utf-8")
    }

    @Test("memory that is allocated shows", .enabled(if: MemoryStatistics.read() != nil))
    func memory() throws {
        let size = 64 << 20
        let before = try #require(MemoryStatistics.read())
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        defer { buffer.deallocate() }
        let after = try #require(MemoryStatistics.read())
        #expect(after.heapAlloc >= before.heapAlloc + UInt64(size) / 2)
        #expect(after.heapSys >= after.heapAlloc)
    }

    private func variables(_ endpoint: ExpvarEndpoint) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(endpoint.respond().body)) as? [String: Any])
    }
}

private func family(
    _ name: String,
    _ kind: MetricKind,
    _ series: (LabelSet, MetricSnapshot.Value)...
) -> MetricSnapshot.Family {
    MetricSnapshot.Family(
        descriptor: MetricDescriptor(name: name, kind: kind),
        series: series.map { MetricSnapshot.Series(labels: $0.0, value: $0.1) }
    )
}
