// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ServiceContextModule
import Testing
import WingbeatMetrics
import WingbeatModel

@Suite("What is kept beyond numbers")
struct ExtrasTests {
    private let registry = MetricRegistry()

    @Test("an exemplar is the last value of its bucket that was observed in a sampled trace")
    func exemplars() throws {
        let histogram = registry.histogram("h", buckets: Buckets([1, 10]), exemplars: true)[]
        histogram.observe(5)
        try inTrace(.notSampled) { histogram.observe(6) }
        #expect(registry.snapshot().histogram("h")?.exemplars == [])
        let context = try inTrace(.sampled) {
            histogram.observe(2)
            histogram.observe(3)
            histogram.observe(20)
        }
        let exemplars = try #require(registry.snapshot().histogram("h")?.exemplars)
        #expect(exemplars.map(\.value) == [3, 20])
        #expect(exemplars.allSatisfy { $0.traceID == context.traceID && $0.spanID == context.spanID })
        #expect(exemplars.allSatisfy { $0.unixNanoseconds > 1_700_000_000_000_000_000 })
    }

    @Test("without being asked for, no exemplars are kept")
    func noExemplars() throws {
        let histogram = registry.histogram("h")[]
        try inTrace(.sampled) { histogram.observe(1) }
        #expect(registry.snapshot().histogram("h")?.exemplars == [])
    }

    @Test("a tap catches each observation with its labels while it is attached")
    func tap() {
        let tap = ObservationTap()
        let family = registry.histogram("h", labels: ["n"])
        family["0"].observe(0)
        registry.attach(tap)
        family["1"].observe(1.5)
        registry.histogram("later")[].observe(3)
        registry.detach(tap)
        family["2"].observe(2)
        let caught = tap.drain().observations
        #expect(caught.map(\.value) == [1.5, 3])
        #expect(caught.map(\.labels) == [["n": "1"], .empty])
        #expect(caught.map(\.descriptor.name) == ["h", "later"])
        #expect(tap.drain().observations.isEmpty)
    }

    @Test("a tap samples as its seed says, and counts what finds no room")
    func sampling() {
        let taps = [1, 2].map { _ in ObservationTap(sampleRate: 0.25, capacity: 10_000, seed: 9) }
        let small = ObservationTap(capacity: 10)
        for tap in taps + [small] { registry.attach(tap) }
        let histogram = registry.histogram("h")[]
        for value in 0..<10_000 { histogram.observe(Double(value)) }
        let caught = taps.map { $0.drain().observations.map(\.value) }
        #expect(caught[0] == caught[1])
        #expect((2300...2700).contains(caught[0].count))
        let full = small.drain()
        #expect(full.observations.map(\.value) == (0..<10).map(Double.init))
        #expect(full.dropped == 9990)
    }

    @Test("a gauge with a callback is asked at each reading, outside of the registry's locks")
    func callback() {
        let registry = registry
        registry.gauge("queued", help: "Jobs.", labels: ["queue": "mail"]) {
            Double(registry.counter("asked")[].value + 1)
        }
        #expect(registry.snapshot()["queued", ["queue": "mail"]] == .gauge(1))
        registry.counter("asked")[].increment()
        #expect(registry.snapshot()["queued", ["queue": "mail"]] == .gauge(2))
        registry.gauge("queued", labels: ["queue": "mail"]) { 40 }
        #expect(registry.snapshot()["queued", ["queue": "mail"]] == .gauge(40))
    }

    @Test("facts are a gauge of one, with a kind of their own")
    func info() {
        registry.info("build", help: "The build.", ["version": "1.2"])
        let snapshot = registry.snapshot()
        #expect(snapshot["build", ["version": "1.2"]] == .gauge(1))
        #expect(snapshot.families.first?.descriptor.kind == .info)
    }

    @Test("families of a source are read with the rest")
    func source() {
        struct Source: MetricSource {
            func read() -> [MetricSnapshot.Family] {
                let descriptor = MetricDescriptor(name: "up", kind: .gauge)
                return [
                    MetricSnapshot.Family(descriptor: descriptor, series: [.init(labels: .empty, value: .gauge(1))])
                ]
            }
        }
        registry.add(Source())
        #expect(registry.snapshot()["up"] == .gauge(1))
    }

    @discardableResult
    private func inTrace(_ sampling: SamplingDecision, _ body: () -> Void) throws -> TraceContext {
        let trace = TraceContext(
            traceID: try #require(TraceID(high: 1, low: 2)),
            spanID: try #require(SpanID(3)),
            sampling: sampling
        )
        var context = ServiceContext.topLevel
        context.traceContext = trace
        ServiceContext.withValue(context) { body() }
        return trace
    }
}
