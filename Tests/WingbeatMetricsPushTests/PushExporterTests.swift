// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatDelivery
import WingbeatMetrics
import WingbeatMetricsPush
import WingbeatModel
import WingbeatTesting

@Suite("Pushing metrics")
struct PushExporterTests {
    private let registry = MetricRegistry()
    private let clock = ManualClock()
    private let sender = RecordingSender()

    @Test("the registry is read at the interval, and once more at the end")
    func interval() async throws {
        let exporter = exporter()
        let counter = registry.counter("jobs")[]
        let running = Task { await exporter.run() }
        for flush in 1...3 {
            counter.increment(by: flush)
            try await asleep()
            clock.advance(by: .seconds(10))
            try await until { sender.messages.count == flush }
        }
        counter.increment(by: 7)
        running.cancel()
        await running.value
        #expect(sender.texts == ["jobs 1.0", "jobs 2.0", "jobs 3.0", "jobs 7.0"])
        #expect(sender.isClosed)
    }

    @Test("two exporters of one registry each tell the whole")
    func two() async {
        let other = RecordingSender()
        let exporters = [exporter(), exporter(sender: other, name: "other")]
        let counter = registry.counter("jobs")[]
        counter.increment(by: 2)
        exporters[0].flush()
        counter.increment(by: 3)
        for exporter in exporters {
            let running = Task { await exporter.run() }
            running.cancel()
            await running.value
        }
        #expect(sender.texts == ["jobs 2.0", "jobs 3.0"])
        #expect(other.texts == ["jobs 5.0"])
    }

    @Test("sums since the start, where they are asked for")
    func cumulative() async {
        var configuration = PushExporter.Configuration()
        configuration.sendsDifferences = false
        let exporter = exporter(configuration)
        let counter = registry.counter("jobs")[]
        for _ in 0..<3 {
            counter.increment()
            exporter.flush()
        }
        let running = Task { await exporter.run() }
        running.cancel()
        await running.value
        #expect(sender.texts.prefix(3) == ["jobs 1.0", "jobs 2.0", "jobs 3.0"])
    }

    @Test(
        "while the backend is away messages wait up to a bound, further ones are counted, and delivery goes on by itself"
    )
    func outage() async throws {
        var configuration = PushExporter.Configuration()
        configuration.delivery.queueCapacity = 5
        configuration.delivery.backoff = Backoff(initial: .milliseconds(1), maximum: .milliseconds(5))
        let troubles = Troubles()
        let exporter = exporter(configuration)
        exporter.onTrouble { troubles.add($0) }
        let counter = registry.counter("jobs")[]
        let running = Task { await exporter.run() }
        sender.fail(with: .temporary("away"))
        counter.increment()
        exporter.flush()
        try await until { sender.attempts > 0 }  // the first message is under way, not in the queue
        for _ in 0..<20 {
            counter.increment()
            exporter.flush()
        }
        #expect(books("recorded") == 21)
        #expect(books("dropped") == 15)
        #expect(books("queued") == 6)
        sender.fail(with: nil)
        try await until { sender.messages.count == 6 }
        running.cancel()
        await running.value
        #expect(books("recorded") == books("exported") + books("dropped"))
        #expect(books("queued") == 0)
        #expect(troubles.all.contains { $0.hasPrefix("test: cannot be delivered") && $0.hasSuffix("away") })
        #expect(troubles.all.contains("test: the backend takes them again"))
    }

    @Test("histograms keep quantiles while an exporter that wants them runs, and no longer")
    func quantiles() async throws {
        var configuration = PushExporter.Configuration()
        configuration.wantsQuantiles = true
        let exporter = exporter(configuration)
        let histogram = registry.histogram("size")[]
        histogram.observe(1)
        let running = Task { await exporter.run() }
        try await asleep()
        histogram.observe(100)
        let sketch = try #require(MetricReading(registry).histogram("size")?.sketch)
        #expect(sketch.count == 1)
        running.cancel()
        await running.value
        #expect(MetricReading(registry).histogram("size")?.sketch == nil)
    }

    @Test("of flushes at once none tells what another told")
    func flushesAtOnce() async {
        let exporter = exporter()
        let counter = registry.counter("jobs")[]
        onThreads(4) { _ in
            for _ in 0..<500 {
                counter.increment()
                exporter.flush()
            }
        }
        let running = Task { await exporter.run() }
        running.cancel()
        await running.value
        #expect(sender.texts.compactMap { Double($0.dropFirst("jobs ".count)) }.reduce(0, +) == 2000)
    }

    // MARK: Helpers

    private func exporter(
        _ configuration: PushExporter.Configuration = .init(),
        sender: RecordingSender? = nil,
        name: String = "test"
    ) -> PushExporter {
        PushExporter(
            name: name,
            registry: registry,
            encoder: CounterLines(),
            sender: sender ?? self.sender,
            configuration: configuration,
            clock: clock
        )
    }

    private func books(_ name: String) -> Double {
        let snapshot = registry.snapshot()
        let family = snapshot.families.first { $0.descriptor.name == "wingbeat.exporter.\(name)" }
        return family?.series.reduce(0) { sum, series in
            switch series.value {
            case .counter(let value), .gauge(let value): sum + value
            case .histogram: sum
            }
        } ?? -1
    }

    private func asleep() async throws { try await until { clock.sleeperCount == 1 } }

    private func until(_ condition: () -> Bool) async throws {
        for _ in 0..<5000 where !condition() { try await Task.sleep(for: .milliseconds(2)) }
        try #require(condition())
    }
}

/// One message with the counters of the program, if there are any.
private struct CounterLines: MetricEncoder {
    func encode(_ reading: MetricSnapshot, at unixNanoseconds: UInt64) -> [[UInt8]] {
        let families = reading.families.filter { $0.descriptor.name == "jobs" }
        return families.flatMap(\.series).compactMap { series in
            guard case .counter(let value) = series.value, value > 0 else { return nil }
            return Array("jobs \(value)".utf8)
        }
    }
}
