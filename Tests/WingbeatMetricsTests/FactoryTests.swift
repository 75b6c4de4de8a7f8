// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Metrics
import Testing
import WingbeatMetrics
import WingbeatModel

@Suite("Metrics of swift-metrics")
struct FactoryTests {
    private let watched = WatchedRegistry()
    private var registry: MetricRegistry { watched.registry }

    @Test("a factory that made nothing shows nothing but its own counters")
    func empty() {
        let names = registry.snapshot().families.map(\.descriptor.name)
        #expect(
            names == [
                "wingbeat_metrics_invalid_values", "wingbeat_metrics_shape_conflicts",
                "wingbeat_metrics_series_overflows", "wingbeat_metrics_cut_label_values",
            ]
        )
    }

    @Test("a Counter counts whole numbers")
    func counter() {
        let counter = Counter(label: "requests", dimensions: [("method", "GET")], factory: registry)
        counter.increment()
        counter.increment(by: 41)
        #expect(registry.snapshot()["requests", ["method": "GET"]] == .counter(42))
        counter.reset()
        #expect(registry.snapshot()["requests", ["method": "GET"]] == .counter(0))
    }

    @Test("a FloatingPointCounter keeps its fractions")
    func floatingPointCounter() {
        let counter = FloatingPointCounter(label: "cost", factory: registry)
        for _ in 0..<8 { counter.increment(by: 0.125) }
        counter.increment(by: 0.5)
        #expect(registry.snapshot()["cost"] == .counter(1.5))
        counter.reset()
        #expect(registry.snapshot()["cost"] == .counter(0))
    }

    @Test("a Counter and a FloatingPointCounter of one name are one sum")
    func countersTogether() {
        Counter(label: "cost", factory: registry).increment(by: 2)
        FloatingPointCounter(label: "cost", factory: registry).increment(by: 0.5)
        #expect(registry.snapshot()["cost"] == .counter(2.5))
        #expect(watched.shapeConflicts == .counter(0))
    }

    @Test("a Meter is a gauge")
    func meter() {
        let meter = Meter(label: "queued", factory: registry)
        meter.set(10)
        meter.increment(by: 2.5)
        meter.decrement()
        #expect(registry.snapshot()["queued"] == .gauge(11.5))
        meter.set(0.5)
        #expect(registry.snapshot()["queued"] == .gauge(0.5))
    }

    @Test("a Gauge is a gauge, not a histogram")
    func gauge() {
        let gauge = Gauge(label: "queued", factory: registry)
        gauge.record(3)
        gauge.record(1.5)
        #expect(registry.snapshot()["queued"] == .gauge(1.5))
        Meter(label: "queued", factory: registry).increment(by: 1.0)
        #expect(registry.snapshot()["queued"] == .gauge(2.5))
        #expect(watched.shapeConflicts == .counter(0))
    }

    @Test("a Recorder is a histogram with the configured layout")
    func recorder() throws {
        let recorder = Recorder(label: "size", factory: registry)
        recorder.record(5)
        recorder.record(0.5)
        let histogram = try #require(registry.snapshot().histogram("size"))
        #expect(histogram.upperBounds == Buckets.general.upperBounds)
        #expect(histogram.counts.prefix(4) == [0, 1, 1, 0])
        #expect(histogram.sum == 5.5)
    }

    @Test("a Timer is a histogram in seconds")
    func timer() throws {
        let timer = Timer(label: "duration", factory: registry)
        timer.recordMilliseconds(5)
        timer.recordNanoseconds(250_000_000)
        timer.recordSeconds(30)
        timer.recordNanoseconds(-1)
        let family = try #require(registry.snapshot().families.first)
        #expect(family.descriptor.unit == "seconds")
        #expect(family.descriptor.buckets == .seconds)
        let histogram = try #require(registry.snapshot().histogram("duration"))
        #expect(histogram.counts == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1])
        #expect(histogram.sum == 30.255)
        #expect(watched.invalidValues == .counter(1))
    }

    @Test("the longest time that a Timer can say is recorded")
    func longestTime() throws {
        Timer(label: "duration", factory: registry).recordNanoseconds(.max)
        let histogram = try #require(registry.snapshot().histogram("duration"))
        #expect(histogram.count == 1)
        #expect(histogram.sum > 9.2e9)
    }

    @Test("the same dimensions in another order are the same series")
    func orderOfDimensions() {
        Counter(label: "requests", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        Counter(label: "requests", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
        Counter(label: "requests", dimensions: [("a", "0"), ("b", "2"), ("a", "1")], factory: registry).increment()
        let snapshot = registry.snapshot()
        #expect(snapshot["requests", ["a": "1", "b": "2"]] == .counter(3))
        #expect(snapshot.declared.first?.series.count == 1)
    }

    @Test("a metric that is made for each request is one series for all of them")
    func madeAgainAndAgain() throws {
        for _ in 0..<1_000 {
            Timer(label: "duration", dimensions: [("route", "/")], factory: registry).recordNanoseconds(1)
        }
        #expect(try #require(registry.snapshot().histogram("duration", ["route": "/"])).count == 1_000)
        #expect(registry.snapshot().declared.first?.series.count == 1)
    }

    @Test("the typed API and swift-metrics write to the same series")
    func bothFrontDoors() {
        registry.counter("requests", help: "All of them.", labels: ["method"])["GET"].increment()
        Counter(label: "requests", dimensions: [("method", "GET")], factory: registry).increment()
        #expect(registry.snapshot()["requests", ["method": "GET"]] == .counter(2))
    }

    @Test("metrics made inside withMetricsFactory go to that registry")
    func taskLocalFactory() {
        withMetricsFactory(registry) { Counter(label: "requests").increment() }
        #expect(registry.snapshot()["requests"] == .counter(1))
    }
}
