// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Metrics
import Testing
import WingbeatMetrics
import WingbeatModel

@Suite("Destroying metrics of swift-metrics")
struct DestroyTests {
    private let registry = WatchedRegistry(maximumSeriesPerFamily: 2).registry

    private var series: [LabelSet] { registry.snapshot().declared.flatMap { $0.series.map(\.labels) } }

    @Test("all five kinds disappear when they are destroyed")
    func allKinds() {
        let counter = Counter(label: "a", factory: registry)
        let fractions = FloatingPointCounter(label: "b", factory: registry)
        let meter = Meter(label: "c", factory: registry)
        let recorder = Recorder(label: "d", factory: registry)
        let gauge = Gauge(label: "e", factory: registry)
        let timer = Timer(label: "f", factory: registry)
        #expect(series.count == 6)
        counter.destroy()
        #expect(registry.snapshot()["a"] == nil)
        fractions.destroy()
        #expect(registry.snapshot()["b"] == nil)
        meter.destroy()
        #expect(registry.snapshot()["c"] == nil)
        recorder.destroy()
        #expect(registry.snapshot()["d"] == nil)
        gauge.destroy()
        #expect(registry.snapshot()["e"] == nil)
        timer.destroy()
        #expect(series.isEmpty)
    }

    @Test("only the destroyed series disappears")
    func onlyOne() {
        let first = Counter(label: "requests", dimensions: [("method", "GET")], factory: registry)
        let second = Counter(label: "requests", dimensions: [("method", "POST")], factory: registry)
        second.increment()
        first.destroy()
        #expect(series == [["method": "POST"]])
        #expect(registry.snapshot()["requests", ["method": "POST"]] == .counter(1))
    }

    @Test("a destroyed metric may still be used, and comes back from zero when it is made again")
    func madeAgain() {
        let old = Counter(label: "requests", factory: registry)
        old.increment(by: 5)
        old.destroy()
        old.increment()
        #expect(registry.snapshot()["requests"] == nil)
        let new = Counter(label: "requests", factory: registry)
        new.increment()
        #expect(registry.snapshot()["requests"] == .counter(1))
        old.destroy()
        Counter(label: "requests", factory: registry).increment()
        #expect(registry.snapshot()["requests"] == .counter(2))
        #expect(series.count == 1)
    }

    @Test("handlers of another backend are left alone")
    func foreignHandlers() {
        Counter(label: "a", factory: registry).increment()
        let foreign = NOOPMetricsHandler.instance
        registry.destroyCounter(foreign)
        registry.destroyFloatingPointCounter(foreign)
        registry.destroyMeter(foreign)
        registry.destroyRecorder(foreign)
        registry.destroyTimer(foreign)
        #expect(registry.snapshot()["a"] == .counter(1))
    }

    @Test("handlers of another registry are left alone, although the name is the same")
    func otherRegistry() {
        let other = MetricRegistry()
        Counter(label: "a", factory: registry).increment()
        registry.destroyCounter(other.makeCounter(label: "a", dimensions: []))
        #expect(registry.snapshot()["a"] == .counter(1))
    }

    @Test("a metric that lost its name to another kind can be destroyed")
    func lostMetric() {
        Counter(label: "a", factory: registry).increment()
        let lost = Meter(label: "a", factory: registry)
        lost.set(3)
        lost.destroy()
        #expect(registry.snapshot()["a"] == .counter(1))
    }

    @Test("a destroyed series makes room for a new one")
    func room() {
        let counters = ["1", "2"].map { Counter(label: "a", dimensions: [("n", $0)], factory: registry) }
        Counter(label: "a", dimensions: [("n", "3")], factory: registry).increment()
        counters[0].destroy()
        Counter(label: "a", dimensions: [("n", "4")], factory: registry).increment()
        #expect(Set(series) == [["n": "2"], ["otel_metric_overflow": "true"], ["n": "4"]])
    }

    @Test("destroying one metric that shares the overflow series takes nothing from the others")
    func overflowStays() {
        let counters = (1...4).map { Counter(label: "a", dimensions: [("n", "\($0)")], factory: registry) }
        counters.forEach { $0.increment() }
        counters[3].destroy()
        counters[2].increment()
        #expect(registry.snapshot()["a", ["otel_metric_overflow": "true"]] == .counter(3))
    }
}
