// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing
import WingbeatMetrics
import WingbeatModel

@Suite("Many threads at once")
struct ConcurrencyTests {
    private let threads = 8
    private let rounds = 100_000

    @Test("no increment is lost while another thread reads, and the sum never shrinks")
    func counter() {
        let registry = MetricRegistry()
        let series = registry.counter("requests")[]
        let last = Mutex(0.0)
        let shrank = Atomic<Bool>(false)
        let rounds = rounds
        onThreads(threads) { number in
            for _ in 0..<rounds {
                if number.isMultiple(of: 2) { series.increment() } else { series.increment(by: 0.5) }
            }
        } watch: {
            guard case .counter(let value) = registry.snapshot()["requests"] else { return }
            last.withLock { last in
                if value < last { shrank.store(true, ordering: .relaxed) }
                last = value
            }
        }
        let hasShrunk = shrank.load(ordering: .relaxed)
        #expect(!hasShrunk)
        let lastRead = last.withLock { $0 }
        #expect(lastRead == Double(threads * rounds) * 0.75)
        #expect(registry.snapshot()["requests"] == .counter(600_000))
    }

    @Test("no addition to a gauge is lost, upwards and downwards")
    func gauge() {
        let registry = MetricRegistry()
        let series = registry.gauge("queued")[]
        series.set(1_000)
        let rounds = rounds
        onThreads(threads) { number in
            for _ in 0..<rounds { series.add(number.isMultiple(of: 4) ? -1 : 2) }
        } watch: {
            _ = registry.snapshot()
        }
        #expect(registry.snapshot()["queued"] == .gauge(1_000 + 600_000 * 2 - 200_000))
    }

    @Test("no observation is lost, and the count of a histogram is at any time the sum of its buckets")
    func histogram() throws {
        let registry = MetricRegistry()
        let series = registry.histogram("size", buckets: Buckets([1, 2, 3]))[]
        let rounds = rounds
        let wrong = Atomic<Int>(0)
        let last = Atomic<UInt64>(0)
        onThreads(threads) { number in
            for _ in 0..<rounds { series.observe(Double(number % 4) + 0.5) }
        } watch: {
            guard let histogram = registry.snapshot().histogram("size") else { return }
            let isShrunk = histogram.count < last.load(ordering: .relaxed)
            if isShrunk || histogram.count != histogram.counts.reduce(0, +) { wrong.add(1, ordering: .relaxed) }
            last.store(histogram.count, ordering: .relaxed)
        }
        let histogram = try #require(registry.snapshot().histogram("size"))
        let wrongReadings = wrong.load(ordering: .relaxed)
        #expect(wrongReadings == 0)
        #expect(histogram.counts == [200_000, 200_000, 200_000, 200_000])
        #expect(histogram.count == UInt64(threads * rounds))
        #expect(histogram.sum == 1_600_000)
    }

    @Test("threads that make the same metric at the same time share its series")
    func making() {
        for _ in 0..<50 {
            let registry = MetricRegistry()
            onThreads(threads) { number in
                for value in 0..<20 {
                    let pairs = [("a", "\(value)"), ("b", "")]
                    let labels = LabelSet(number.isMultiple(of: 2) ? pairs : pairs.reversed())
                    registry.counter(number.isMultiple(of: 3) ? "x.y" : "x_y")[labels: labels].increment()
                }
            }
            let families = registry.snapshot().declared
            #expect(families.count == 1)
            #expect(families.first?.series.count == 20)
            #expect(families.first?.series.allSatisfy { $0.value == .counter(8) } == true)
        }
    }

    @Test("invalid values, conflicts and overflows are counted exactly, and told once")
    func misuse() {
        let watched = WatchedRegistry(maximumSeriesPerFamily: 1)
        let registry = watched.registry
        _ = registry.counter("a")[]
        onThreads(threads) { number in
            for round in 0..<1_000 {
                registry.counter("a")[].increment(by: -1)
                registry.counter("a", labels: ["x"])["\(number) \(round)"].increment()
                registry.gauge("a")[].set(1)
            }
        }
        #expect(watched.invalidValues == .counter(8_000))
        #expect(watched.shapeConflicts == .counter(8_000))
        #expect(watched.overflows == .counter(8_000))
        #expect(registry.snapshot()["a", ["otel_metric_overflow": "true"]] == .counter(8_000))
        #expect(watched.sentences.count == 1)
    }
}
