// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatMetrics
import WingbeatModel

@Suite("Counters")
struct CounterTests {
    @Test("a counter that was never incremented is zero, and is there once it was looked up")
    func empty() {
        let registry = MetricRegistry()
        let family = registry.counter("requests")
        #expect(registry.snapshot()["requests"] == nil)
        #expect(family[].value == 0)
        #expect(registry.snapshot()["requests"] == .counter(0))
    }

    @Test("increments of all kinds are summed exactly")
    func mixed() {
        let registry = MetricRegistry()
        let series = registry.counter("requests")[]
        series.increment()
        series.increment(by: 2)
        series.increment(by: 0)
        series.increment(by: Int64(40))
        series.increment(by: 0.5)
        series.increment(by: 0.25)
        series.increment(by: -0.0)
        #expect(series.value == 43.75)
        #expect(registry.snapshot()["requests"] == .counter(43.75))
    }

    @Test("whole numbers stay exact where a floating-point sum would no longer grow by one")
    func beyondDoubles() {
        let family = MetricRegistry().counter("bytes")
        let series = family[]
        series.increment(by: Int64(1) << 53)
        for _ in 0..<10 { series.increment() }
        #expect(series.value == 9_007_199_254_741_002)
    }

    @Test("a subset of the numbers up to a hundred adds up to its sum, in any order")
    func randomSubset() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<20 {
            let numbers = (0..<100).filter { _ in Bool.random(using: &generator) }.shuffled(using: &generator)
            let family = MetricRegistry().counter("numbers")
            let series = family[]
            for number in numbers {
                if Bool.random(using: &generator) {
                    series.increment(by: Double(number))
                } else {
                    series.increment(by: number)
                }
            }
            #expect(series.value == Double(numbers.reduce(0, +)))
        }
    }

    @Test("what cannot be added to a sum is dropped and counted")
    func invalid() {
        let watched = WatchedRegistry()
        let series = watched.registry.counter("requests")[]
        #expect(watched.invalidValues == .counter(0))
        series.increment(by: 7)
        series.increment(by: -1)
        series.increment(by: Int64.min)
        series.increment(by: -0.1)
        series.increment(by: Double.nan)
        series.increment(by: Double.infinity)
        series.increment(by: -Double.infinity)
        #expect(series.value == 7)
        #expect(watched.invalidValues == .counter(6))
        #expect(watched.sentences.isEmpty)
    }

    @Test("each set of label values counts for itself")
    func labels() {
        let registry = MetricRegistry()
        let requests = registry.counter("requests", labels: ["method", "code"])
        requests["GET", "200"].increment()
        requests["GET", "500"].increment(by: 2)
        requests["POST", "200"].increment(by: 3)
        requests["GET", "200"].increment()
        let snapshot = registry.snapshot()
        #expect(snapshot["requests", ["method": "GET", "code": "200"]] == .counter(2))
        #expect(snapshot["requests", ["code": "500", "method": "GET"]] == .counter(2))
        #expect(snapshot["requests", ["method": "POST", "code": "200"]] == .counter(3))
        #expect(snapshot["requests"] == nil)
        #expect(snapshot.families.first?.series.count == 3)
    }

    @Test("too few and too many label values still count")
    func labelArity() {
        let registry = MetricRegistry()
        let requests = registry.counter("requests", labels: ["method", "code"])
        requests["GET"].increment()
        requests[].increment()
        requests["GET", "200", "eu"].increment()
        let snapshot = registry.snapshot()
        #expect(snapshot["requests", ["method": "GET"]] == .counter(1))
        #expect(snapshot["requests"] == .counter(1))
        #expect(snapshot["requests", ["method": "GET", "code": "200", "label_3": "eu"]] == .counter(1))
    }

    @Test("after a reset the sum starts again at zero, fractions included")
    func reset() {
        let family = MetricRegistry().counter("requests")
        let series = family[]
        series.increment(by: 3)
        series.increment(by: 0.5)
        series.reset()
        #expect(series.value == 0)
        series.increment()
        #expect(series.value == 1)
    }
}
