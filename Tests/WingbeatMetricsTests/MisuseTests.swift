// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Metrics
import Testing
import WingbeatMetrics
import WingbeatModel

@Suite("Metrics that do not fit")
struct MisuseTests {
    private let overflow: LabelSet = ["otel_metric_overflow": "true"]

    @Test("a registry without misuse counts zeros and tells nothing")
    func empty() {
        let watched = WatchedRegistry()
        watched.registry.counter("a")[].increment()
        #expect(watched.invalidValues == .counter(0))
        #expect(watched.shapeConflicts == .counter(0))
        #expect(watched.overflows == .counter(0))
        #expect(watched.sentences.isEmpty)
    }

    @Test("a name for two kinds keeps the first, and the second does no harm")
    func twoKinds() {
        let watched = WatchedRegistry()
        watched.registry.counter("jobs")[].increment()
        watched.registry.gauge("jobs")[].set(9)
        watched.registry.histogram("jobs")[].observe(1)
        #expect(watched.registry.snapshot()["jobs"] == .counter(1))
        #expect(watched.registry.snapshot().declared.count == 1)
        #expect(watched.shapeConflicts == .counter(2))
        #expect(watched.sentences == ["jobs is a counter already; what it records as a gauge is lost"])
    }

    @Test("every kind may meet every other kind under one name, and nothing traps")
    func allPairs() {
        let makers: [@Sendable (MetricRegistry) -> Void] = [
            { Counter(label: "x", factory: $0).increment() },
            { FloatingPointCounter(label: "x", factory: $0).increment() },
            { Meter(label: "x", factory: $0).set(1) },
            { Gauge(label: "x", factory: $0).record(1) },
            { Recorder(label: "x", factory: $0).record(1) },
            { Timer(label: "x", factory: $0).recordNanoseconds(1) },
        ]
        let kinds: [MetricKind] = [.counter, .counter, .gauge, .gauge, .histogram, .histogram]
        for first in makers.indices {
            for second in makers.indices {
                let watched = WatchedRegistry()
                makers[first](watched.registry)
                makers[second](watched.registry)
                #expect(watched.registry.snapshot().declared.map(\.descriptor.kind) == [kinds[first]])
                #expect(watched.shapeConflicts == .counter(kinds[first] == kinds[second] ? 0 : 1))
            }
        }
    }

    @Test("dots and underscores name one family, which keeps the spelling that came first")
    func spellings() {
        let watched = WatchedRegistry()
        watched.registry.counter("http.server.requests", help: "first")[].increment()
        watched.registry.counter("http_server_requests", help: "second")[].increment()
        watched.registry.counter("http-server.requests")[].increment()
        #expect(watched.registry.snapshot()["http.server.requests"] == .counter(3))
        #expect(watched.registry.snapshot().declared.map(\.descriptor.help) == ["first"])
        #expect(watched.registry.snapshot().declared.map(\.descriptor.name) == ["http.server.requests"])
    }

    @Test("a person is told once for each family, whatever spelling is misused")
    func toldOnce() {
        let watched = WatchedRegistry()
        _ = watched.registry.counter("a.b")
        for _ in 0..<100 {
            _ = watched.registry.gauge("a.b")
            _ = watched.registry.gauge("a_b")
        }
        #expect(watched.sentences.count == 1)
        #expect(watched.shapeConflicts == .counter(200))
        _ = watched.registry.gauge("c")
        _ = watched.registry.counter("c")
        #expect(watched.sentences.count == 2)
    }

    @Test("series beyond the limit share one overflow series, which keeps the sum whole")
    func overflows() {
        let watched = WatchedRegistry(maximumSeriesPerFamily: 3)
        let family = watched.registry.counter("requests", labels: ["user"])
        for user in 0..<10 { family["\(user)"].increment() }
        family["1"].increment()
        let snapshot = watched.registry.snapshot()
        let series = snapshot.declared.first?.series.map(\.labels)
        #expect(series == [["user": "0"], ["user": "1"], ["user": "2"], overflow])
        #expect(snapshot["requests", overflow] == .counter(7))
        #expect(snapshot["requests", ["user": "1"]] == .counter(2))
        #expect(watched.overflows == .counter(7))
        #expect(watched.sentences == ["requests has 3 series; further label sets share one overflow series"])
    }

    @Test("exactly as many series as the limit allows overflow nothing")
    func exactLimit() {
        let watched = WatchedRegistry(maximumSeriesPerFamily: 3)
        for user in 0..<3 { watched.registry.gauge("sessions", labels: ["user"])["\(user)"].set(1) }
        #expect(watched.overflows == .counter(0))
        #expect(watched.registry.snapshot()["sessions", overflow] == nil)
    }

    @Test("a limit of zero sends everything to the overflow series")
    func zeroLimit() throws {
        let watched = WatchedRegistry(maximumSeriesPerFamily: 0)
        watched.registry.histogram("size", buckets: Buckets([1]))[].observe(1)
        watched.registry.histogram("size", labels: ["a"])["b"].observe(2)
        let histogram = try #require(watched.registry.snapshot().histogram("size", overflow))
        #expect(histogram.counts == [1, 1])
    }

    @Test("the limit holds for each family by itself")
    func limitPerFamily() {
        let watched = WatchedRegistry(maximumSeriesPerFamily: 1)
        watched.registry.counter("a")[].increment()
        watched.registry.counter("b")[].increment()
        #expect(watched.registry.snapshot()["b"] == .counter(1))
        #expect(watched.overflows == .counter(0))
    }

    @Test("names that no backend would accept do no harm", arguments: ["", " ", "9", "é\n", "\u{1F426}", "a\0b", "__"])
    func strangeNames(_ name: String) {
        let watched = WatchedRegistry()
        watched.registry.counter(name, labels: [name, name])["first", "second"].increment()
        #expect(watched.registry.snapshot()[name, LabelSet([(name, "second")])] == .counter(1))
    }
}
