// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics
import WingbeatModel

@Suite("Reading a registry")
struct SnapshotTests {
    @Test("a snapshot of nothing finds nothing")
    func empty() {
        let snapshot = MetricSnapshot(families: [])
        #expect(snapshot.families.isEmpty)
        #expect(snapshot["a"] == nil)
        #expect(snapshot["a", ["b": "c"]] == nil)
    }

    @Test("families come in the order of their declaration, the registry's own last")
    func order() {
        let registry = MetricRegistry()
        _ = registry.histogram("z")
        _ = registry.counter("a")
        _ = registry.gauge("m")
        _ = registry.counter("a")
        let names = registry.snapshot().families.map(\.descriptor.name)
        #expect(names.prefix(3) == ["z", "a", "m"])
        #expect(names.dropFirst(3).allSatisfy { $0.hasPrefix("wingbeat_metrics_") })
        #expect(names.count == 7)
    }

    @Test("what was declared can be read: kind, help, unit and layout of the first declaration")
    func descriptors() throws {
        let registry = MetricRegistry()
        _ = registry.histogram("size", help: "How large.", unit: "bytes", buckets: Buckets([1]))
        _ = registry.histogram("size", help: "Something else.", unit: "seconds")
        let descriptor = try #require(registry.snapshot().families.first?.descriptor)
        #expect(descriptor.name == "size")
        #expect(descriptor.kind == .histogram)
        #expect(descriptor.help == "How large.")
        #expect(descriptor.unit == "bytes")
        #expect(descriptor.buckets == Buckets([1]))
    }

    @Test("a snapshot does not change when the registry does")
    func isolation() {
        let registry = MetricRegistry()
        registry.counter("a")[].increment()
        let snapshot = registry.snapshot()
        registry.counter("a")[].increment()
        registry.counter("a", labels: ["x"])["y"].increment()
        #expect(snapshot["a"] == .counter(1))
        #expect(snapshot["a", ["x": "y"]] == nil)
    }

    @Test("two readers see the same numbers: reading takes nothing away")
    func twoReaders() {
        let registry = MetricRegistry()
        registry.counter("a")[].increment(by: 3)
        #expect(registry.snapshot()["a"] == .counter(3))
        #expect(registry.snapshot()["a"] == .counter(3))
    }

    @Test("registries know nothing of each other")
    func separate() {
        let first = MetricRegistry()
        let second = MetricRegistry()
        first.counter("a")[].increment()
        #expect(second.snapshot()["a"] == nil)
    }

    @Test("kinds have the names that exporters write")
    func kinds() {
        #expect("\(MetricKind.counter) \(MetricKind.gauge) \(MetricKind.histogram)" == "counter gauge histogram")
    }
}
