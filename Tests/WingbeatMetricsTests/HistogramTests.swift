// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Metrics
import TestSupport
import Testing
import WingbeatMetrics
import WingbeatModel

@Suite("Histograms")
struct HistogramTests {
    @Test("a histogram without values has all its buckets, empty")
    func empty() throws {
        let registry = MetricRegistry()
        _ = registry.histogram("size", buckets: Buckets([1, 2]))[]
        let histogram = try #require(registry.snapshot().histogram("size"))
        #expect(histogram.upperBounds == [1, 2])
        #expect(histogram.counts == [0, 0, 0])
        #expect(histogram.sum == 0)
        #expect(histogram.count == 0)
    }

    @Test("a value equal to a bound belongs below it, the next larger one above")
    func inclusiveBounds() throws {
        let registry = MetricRegistry()
        let series = registry.histogram("size", buckets: Buckets([1, 2.5, 10]))[]
        for value in [-5, 0, 1, 1.0.nextUp, 2.5, 2.5.nextUp, 10, 10.0.nextUp, 1e300] { series.observe(value) }
        let histogram = try #require(registry.snapshot().histogram("size"))
        #expect(histogram.counts == [3, 2, 2, 2])
        #expect(histogram.count == 9)
    }

    @Test("the sum is the sum of all values")
    func sum() throws {
        let registry = MetricRegistry()
        let series = registry.histogram("size", buckets: Buckets([10]))[]
        for value in [0.5, 4, 100, -2] { series.observe(value) }
        #expect(try #require(registry.snapshot().histogram("size")).sum == 102.5)
    }

    @Test("NaN and infinities are dropped and counted, in no bucket nor in the sum")
    func invalid() throws {
        let watched = WatchedRegistry()
        let series = watched.registry.histogram("size", buckets: Buckets([1]))[]
        series.observe(.nan)
        series.observe(.infinity)
        series.observe(-.infinity)
        series.observe(.seconds(-1))
        watched.registry.makeTimer(label: "size", dimensions: []).recordNanoseconds(-1)
        let histogram = try #require(watched.registry.snapshot().histogram("size"))
        #expect(histogram.counts == [0, 0])
        #expect(histogram.sum == 0)
        #expect(watched.invalidValues == .counter(5))
    }

    @Test("durations are recorded in seconds")
    func durations() throws {
        let registry = MetricRegistry()
        let series = registry.histogram("duration", unit: "seconds", labels: ["method"])["GET"]
        series.observe(.milliseconds(5))
        series.observe(.zero)
        series.observe(.seconds(3))
        registry.makeTimer(label: "duration", dimensions: [("method", "GET")]).recordNanoseconds(20_000_000_000)
        let histogram = try #require(registry.snapshot().histogram("duration", ["method": "GET"]))
        #expect(histogram.upperBounds == Buckets.seconds.upperBounds)
        #expect(histogram.counts == [2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1])
        #expect(histogram.sum == 23.005)
    }

    @Test("without a layout the unit decides, or else the configuration")
    func defaultLayouts() throws {
        let watched = WatchedRegistry(defaultBuckets: Buckets([42]))
        _ = watched.registry.histogram("size", unit: "bytes")[]
        _ = watched.registry.histogram("duration", unit: "seconds")[]
        _ = watched.registry.histogram("empty", unit: "seconds", buckets: Buckets([]))[]
        let snapshot = watched.registry.snapshot()
        #expect(try #require(snapshot.histogram("size")).upperBounds == [42])
        #expect(try #require(snapshot.histogram("duration")).upperBounds == Buckets.seconds.upperBounds)
        #expect(try #require(snapshot.histogram("empty")).counts == [0])
    }

    @Test("of two layouts the first one holds, and the conflict is counted and told once")
    func firstLayoutWins() throws {
        let watched = WatchedRegistry()
        watched.registry.histogram("size", buckets: Buckets([1, 2]))[].observe(2)
        watched.registry.histogram("size", buckets: Buckets([2, 1, 1]))[].observe(2)
        #expect(watched.shapeConflicts == .counter(0))
        watched.registry.histogram("size", buckets: Buckets([3]))[].observe(2)
        watched.registry.histogram("size", buckets: Buckets([4]))[].observe(2)
        watched.registry.histogram("size")[].observe(2)
        let histogram = try #require(watched.registry.snapshot().histogram("size"))
        #expect(histogram.upperBounds == [1, 2])
        #expect(histogram.counts == [0, 5, 0])
        #expect(watched.shapeConflicts == .counter(2))
        #expect(watched.sentences == ["size is declared with two bucket layouts; the first one holds"])
    }

    @Test("a normal distribution falls into the buckets as it should")
    func normalDistribution() throws {
        var generator = SeededGenerator(seed: 17)
        let registry = MetricRegistry()
        let series = registry.histogram("latency", buckets: .linear(start: 450, width: 10, count: 11))[]
        for _ in 0..<12_345 {
            let uniform = (0..<12).map { _ in Double.random(in: 0..<1, using: &generator) }.reduce(0, +) - 6
            series.observe(500 + 25 * uniform)
        }
        let histogram = try #require(registry.snapshot().histogram("latency"))
        #expect(histogram.count == 12_345)
        let belowMean = histogram.counts.prefix(6).reduce(0, +)
        #expect((5_900...6_450).contains(belowMean))
        let withinOneDeviation = histogram.counts[3...7].reduce(0, +)
        #expect((8_200...8_700).contains(withinOneDeviation))
        #expect(abs(histogram.sum / 12_345 - 500) < 1)
    }
}
