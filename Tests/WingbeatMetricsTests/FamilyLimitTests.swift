// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import WingbeatMetrics

@Suite("The names of a registry's metrics")
struct FamilyLimitTests {
    @Test("orders and orders_total are one counter, and a gauge of the second name is told that it is not")
    func total() {
        let reports = Reports()
        let registry = MetricRegistry(configuration: reports.configuration)
        registry.counter("orders")[].increment()
        registry.counter("orders_total")[].increment()
        #expect(registry.snapshot()["orders"] == .counter(2))
        registry.gauge("orders_total")[].set(7)
        #expect(registry.snapshot()["orders"] == .counter(2))
        #expect(reports.sentences.count == 1)
        #expect(registry.snapshot()["wingbeat_metrics_shape_conflicts"] == .counter(1))
    }

    @Test("beyond the limit of names nothing is kept; it is counted, said once, and what is there goes on")
    func limit() {
        let reports = Reports()
        var configuration = reports.configuration
        configuration.maximumFamilies = 3
        let registry = MetricRegistry(configuration: configuration)
        for number in 0..<1000 { registry.counter("user.\(number).clicks")[].increment() }
        registry.counter("user.1.clicks")[].increment()
        let snapshot = registry.snapshot()
        #expect(snapshot.families.count == 3 + 4)  // and the registry's own
        #expect(snapshot["user.1.clicks"] == .counter(2))
        #expect(snapshot["wingbeat_metrics_shape_conflicts"] == .counter(997))
        #expect(reports.sentences.count == 1)
    }
}

/// Keeps what a registry says of its misuse.
private final class Reports: Sendable {
    private let storage = Mutex<[String]>([])

    var sentences: [String] { storage.withLock { $0 } }

    var configuration: MetricRegistry.Configuration {
        var configuration = MetricRegistry.Configuration()
        configuration.reportMisuse = { sentence in self.storage.withLock { $0.append(sentence) } }
        return configuration
    }
}
