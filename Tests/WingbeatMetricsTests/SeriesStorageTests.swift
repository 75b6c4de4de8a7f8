// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Metrics
import TestSupport
import Testing
import WingbeatMetrics
import WingbeatModel

@Suite("Where series are kept")
struct SeriesStorageTests {
    private let registry = MetricRegistry()

    @Test("values of every length and content tell series apart")
    func keys() {
        let family = registry.counter("a", labels: ["x", "y", "z"])
        var expected: [[String]: Double] = [:]
        var random = SeededGenerator(seed: 5)
        for count in 0..<3000 {
            let values = (0..<3).map { _ in
                String(
                    decoding: (0..<Int.random(in: 1...40, using: &random)).map { _ in
                        UInt8.random(in: 97...98, using: &random)
                    },
                    as: UTF8.self
                )
            }
            family[values[0], values[1], values[2]].increment(by: count)
            expected[values, default: 0] += Double(count)
        }
        for (values, sum) in expected { #expect(family[values[0], values[1], values[2]].value == sum) }
        #expect(registry.snapshot().families.first?.series.count == expected.count)
    }

    @Test("one to seven labels, in any order, through any door, are one series")
    func arity() {
        for count in 1...7 {
            let names = (0..<count).map { "label\($0)" }
            let values = (0..<count).map { "value\($0)" }
            let family = registry.counter("arity\(count)", labels: names)
            let reversed = registry.counter("arity\(count)", labels: names.reversed())
            let set = LabelSet(zip(names, values).map { Label($0, $1) })
            family[labels: set].increment()
            series(family, values).increment(by: 10)
            series(reversed, values.reversed()).increment(by: 100)
            #expect(registry.snapshot()["arity\(count)", set] == .counter(111))
        }
    }

    private func series(_ family: CounterFamily, _ values: [String]) -> CounterSeries {
        switch values.count {
        case 1: family[values[0]]
        case 2: family[values[0], values[1]]
        case 3: family[values[0], values[1], values[2]]
        case 4: family[values[0], values[1], values[2], values[3]]
        case 5: family[values[0], values[1], values[2], values[3], values[4]]
        case 6: family[values[0], values[1], values[2], values[3], values[4], values[5]]
        default: family[values[0], values[1], values[2], values[3], values[4], values[5], values[6]]
        }
    }

    @Test("a label with an empty value does not exist, and names that backends cannot tell apart are one")
    func equalAfterCleaning() {
        let family = registry.counter("a", labels: ["x", "y"])
        family["1", ""].increment()
        family[labels: ["x": "1"]].increment(by: 2)
        #expect(registry.snapshot()["a", ["x": "1"]] == .counter(3))
        let dotted = registry.counter("b")
        dotted[labels: ["http.method": "GET"]].increment()
        dotted[labels: ["http_method": "GET"]].increment()
        #expect(registry.snapshot().families[1].series.count == 1)
    }

    @Test("a long value is cut at a character, counted and said once")
    func longValues() throws {
        let watched = WatchedRegistry()
        let family = watched.registry.counter("a", labels: ["x"])
        let long = String(repeating: "é", count: 600)
        family[long].increment()
        family[long + "more"].increment()
        let series = try #require(watched.registry.snapshot().families.first?.series)
        #expect(series.map(\.labels) == [["x": String(repeating: "é", count: 512)]])
        #expect(watched.registry.snapshot()["wingbeat_metrics_cut_label_values"] == .counter(2))
        #expect(watched.sentences.count == 1)
    }

    @Test("what is counted after removal is seen by nobody, and the series starts again at zero")
    func removal() {
        let family = registry.counter("a", labels: ["x"])
        let old = family["1"]
        old.increment(by: 5)
        family.remove(old)
        old.increment()
        #expect(old.value == 0)
        #expect(registry.snapshot()["a", ["x": "1"]] == nil)
        family["1"].increment()
        old.increment()
        #expect(family["1"].value == 1)
        #expect(registry.snapshot()["a", ["x": "1"]] == .counter(1))
    }

    @Test("series that come and go do not use up memory or places, and removing many is quick")
    func churn() {
        var configuration = MetricRegistry.Configuration()
        configuration.maximumSeriesPerFamily = 20_000
        let registry = MetricRegistry(configuration: configuration)
        let family = registry.counter("a", labels: ["x"])
        for round in 0..<5 {
            for number in 0..<20_000 { family["\(round) \(number)"].increment() }
            for number in 0..<20_000 { family.remove(family["\(round) \(number)"]) }
        }
        family["last"].increment()
        #expect(registry.snapshot().families.first?.series.count == 1)
        #expect(registry.snapshot()["wingbeat_metrics_series_overflows"] == .counter(0))
    }

    @Test("a family leaves the series of others alone")
    func removalElsewhere() {
        let family = registry.counter("a", labels: ["x"])
        let other = registry.counter("b", labels: ["x"])
        family["1"].increment()
        for number in 0..<5 { other["\(number)"].increment() }
        for number in 0..<5 { family.remove(other["\(number)"]) }
        #expect(registry.snapshot()["a", ["x": "1"]] == .counter(1))
        #expect(registry.snapshot()["b", ["x": "4"]] == .counter(1))
    }

    @Test("the overflow's label may be used by others, before and after", arguments: [true, false])
    func overflowLabel(before: Bool) {
        let watched = WatchedRegistry(maximumSeriesPerFamily: 2)
        let family = watched.registry.counter("a", labels: ["x"])
        if before { family[labels: ["otel_metric_overflow": "true"]].increment() }
        for number in 0..<5 { family["\(number)"].increment() }
        family[labels: ["otel_metric_overflow": "other"]].increment()
        family[labels: ["otel_metric_overflow": "true"]].increment()
        let sum = watched.registry.snapshot().families[0].series.reduce(0.0) { sum, series in
            guard case .counter(let value) = series.value else { return sum }
            return sum + value
        }
        #expect(sum == (before ? 8 : 7))
    }

    @Test("handles outlive their registry without harm")
    func outlive() {
        let counter = MetricRegistry().counter("a")[]
        let gauge = MetricRegistry().gauge("a")[]
        let histogram = MetricRegistry().histogram("a")[]
        for _ in 0..<1000 { _ = MetricRegistry().counter("b")[] }
        counter.increment()
        gauge.set(3)
        histogram.observe(1)
        #expect(counter.value == 0)
        #expect(gauge.value == 0)
    }

    @Test("every bucket is the one that a search from the first finds", arguments: [1, 2, 11, 40, 1000])
    func buckets(count: Int) throws {
        var random = SeededGenerator(seed: UInt64(count))
        let bounds = (0..<count).map { _ in
            Bool.random(using: &random)
                ? Double.random(in: -10...10, using: &random) : exp2(Double.random(in: -40...40, using: &random))
        }
        let layout = Buckets(bounds)
        let histogram = registry.histogram("h", buckets: layout)[]
        var expected = [UInt64](repeating: 0, count: layout.upperBounds.count + 1)
        let edges = layout.upperBounds.flatMap { [$0, $0.nextUp, $0.nextDown] }
        let others = (0..<1000).map { _ in exp2(Double.random(in: -45...45, using: &random)) }
        for value in edges + others + [0, -1, -1e9, 1e300, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
            histogram.observe(value)
            expected[layout.upperBounds.firstIndex { value <= $0 } ?? layout.upperBounds.count] += 1
        }
        #expect(registry.snapshot().histogram("h")?.counts == expected)
    }

    @Test("more bounds than fit are cut, and that is said")
    func tooManyBounds() throws {
        let watched = WatchedRegistry()
        watched.registry.histogram("h", buckets: .linear(start: 0, width: 1, count: 5000))[].observe(4000)
        let histogram = try #require(watched.registry.snapshot().histogram("h"))
        #expect(histogram.upperBounds.count == 1021)
        #expect(histogram.counts.last == 1)
        #expect(watched.sentences.count == 1)
    }

    @Test(
        "rules give layouts to histograms that cannot say theirs",
        arguments: [
            ("http.server.duration", true), ("http_server_duration", true), ("http.duration", false), ("other", false),
            ("http.server.x.duration.more", false),
        ]
    )
    func bucketRules(name: String, matches: Bool) throws {
        var configuration = MetricRegistry.Configuration()
        configuration.bucketRules = [BucketRule("http.*.duration", Buckets([7]))]
        let registry = MetricRegistry(configuration: configuration)
        registry.makeTimer(label: name, dimensions: []).recordNanoseconds(1)
        let bounds = try #require(registry.snapshot().histogram(name)?.upperBounds)
        #expect((bounds == [7]) == matches)
    }
}
