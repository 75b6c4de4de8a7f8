// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics
import WingbeatModel

@Suite("What happened since the reading before")
struct MetricWindowTests {
    private let registry = MetricRegistry()

    @Test("counters and histograms become differences, gauges stay")
    func differences() {
        var window = MetricWindow()
        let counter = registry.counter("a", labels: ["n"])
        let histogram = registry.histogram("h", buckets: Buckets([1, 2]))[]
        counter["1"].increment(by: 5)
        histogram.observe(1.5)
        registry.gauge("g")[].set(3)
        let first = window.advance(to: registry.snapshot())
        #expect(first["a", ["n": "1"]] == .counter(5))
        counter["1"].increment(by: 2)
        counter["2"].increment()
        histogram.observe(0.5)
        let second = window.advance(to: registry.snapshot())
        #expect(second["a", ["n": "1"]] == .counter(2))
        #expect(second["a", ["n": "2"]] == .counter(1))
        #expect(second["g"] == .gauge(3))
        #expect(second["h"] == .histogram(.init(upperBounds: [1, 2], counts: [1, 0, 0], sum: 0.5)))
    }

    @Test("a counter that was reset counts from zero")
    func reset() {
        var window = MetricWindow()
        let counter = registry.counter("a")[]
        counter.increment(by: 5)
        _ = window.advance(to: registry.snapshot())
        counter.reset()
        counter.increment(by: 2)
        #expect(window.advance(to: registry.snapshot())["a"] == .counter(2))
    }

    @Test("quantiles are those of the window: 1 % of N(500, 25) after values of another size")
    func quantiles() throws {
        registry.keepSketches()
        var window = MetricWindow()
        let histogram = registry.histogram("h")[]
        for value in 1...1000 { histogram.observe(Double(value) / 1000) }
        _ = window.advance(to: registry.snapshot())
        for value in 1...1000 { histogram.observe(Double(value)) }
        guard case .histogram(let difference)? = window.advance(to: registry.snapshot())["h"] else {
            Issue.record("no histogram")
            return
        }
        let sketch = try #require(difference.sketch)
        #expect(sketch.count == 1000)
        for rank in [0.5, 0.9, 0.95, 0.99] {
            let quantile = try #require(sketch.quantile(rank))
            #expect(abs(quantile - rank * 1000) <= rank * 10)
        }
    }
}
