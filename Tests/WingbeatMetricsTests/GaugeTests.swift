// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Metrics
import Testing
import WingbeatMetrics
import WingbeatModel

@Suite("Gauges")
struct GaugeTests {
    @Test("a gauge that was never set is zero")
    func empty() {
        let registry = MetricRegistry()
        #expect(registry.gauge("queued")[].value == 0)
        #expect(registry.snapshot()["queued"] == .gauge(0))
    }

    @Test("the last value that was set is the value, and additions start from it")
    func setAndAdd() {
        let registry = MetricRegistry()
        let series = registry.gauge("queued")[]
        series.set(10)
        series.set(Int64(-3))
        series.set(2.5)
        #expect(series.value == 2.5)
        series.add(1)
        series.add(-4)
        #expect(series.value == -0.5)
        series.set(7)
        #expect(registry.snapshot()["queued"] == .gauge(7))
    }

    @Test("reading a gauge changes nothing: what is added later is added to all that came before")
    func survivesReading() {
        let registry = MetricRegistry()
        let series = registry.gauge("queued")[]
        for round in 1...5 {
            series.add(2)
            #expect(registry.snapshot()["queued"] == .gauge(Double(2 * round)))
        }
    }

    @Test("increments and decrements are additions")
    func increments() {
        let family = MetricRegistry().gauge("queued")
        let series = family[]
        series.increment(by: 2.5)
        series.decrement(by: 4)
        #expect(series.value == -1.5)
    }

    @Test("NaN and infinities are kept when they are set")
    func specialValuesSet() {
        let registry = MetricRegistry()
        let series = registry.gauge("temperature")[]
        let recorder = registry.makeRecorder(label: "temperature", dimensions: [], aggregate: false)
        series.set(.nan)
        #expect(series.value.isNaN)
        series.set(.infinity)
        #expect(series.value == .infinity)
        series.set(-.infinity)
        #expect(series.value == -.infinity)
        series.set(-0.0)
        #expect(series.value == 0 && series.value.sign == .minus)
        recorder.record(Double.nan)
        #expect(series.value.isNaN)
        recorder.record(Int64(4))
        #expect(series.value == 4)
    }

    @Test("NaN and infinities are dropped and counted when they are added")
    func specialValuesAdded() {
        let watched = WatchedRegistry()
        let series = watched.registry.gauge("queued")[]
        series.set(5)
        series.add(.nan)
        series.add(.infinity)
        series.increment(by: -.infinity)
        series.decrement(by: .nan)
        #expect(series.value == 5)
        #expect(watched.invalidValues == .counter(4))
    }

    @Test("each set of label values has a value of its own")
    func labels() {
        let registry = MetricRegistry()
        let queued = registry.gauge("queued", labels: ["queue"])
        queued["mail"].set(3)
        queued[labels: ["queue": "print"]].set(4)
        queued[labels: ["queue": "mail"]].add(1)
        #expect(registry.snapshot()["queued", ["queue": "mail"]] == .gauge(4))
        #expect(registry.snapshot()["queued", ["queue": "print"]] == .gauge(4))
    }
}
