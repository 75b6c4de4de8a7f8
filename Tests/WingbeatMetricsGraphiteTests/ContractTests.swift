// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import WingbeatMetrics
import WingbeatMetricsGraphite
import WingbeatMetricsPush
import WingbeatModel
import WingbeatTesting

@Suite("Graphite's encoder as an exporter")
struct ContractTests {
    @Test(
        "sums, gauges, labels and quantiles are what every exporter must tell, also with several flushes a slot",
        arguments: [1, 2, 7] as [UInt64]
    )
    func contract(secondsBetweenFlushes: UInt64) async throws {
        let registry = MetricRegistry()
        registry.keepSketches()
        var configuration = GraphiteConfiguration(host: "")
        configuration.resolution = .seconds(3)
        configuration.naming = .tagged
        let encoder = GraphiteEncoder(configuration)
        let received = Mutex((second: 1000 as UInt64, points: Points()))
        var contract = ExporterContract(registry: registry) {
            received.withLock { received in
                received.second += secondsBetweenFlushes
                let lines = text(encoder.encode(registry.snapshot(), at: received.second * 1_000_000_000))
                for line in lines.split(separator: "\n") { received.points.add(line) }
                return received.points
            }
        }
        contract.hasLabels = false  // tags have no spaces, which it tries
        try await contract.verify()
    }
}

/// The last value of each second, as carbon keeps them.
private struct Points: ReceivedMetrics {
    private var points: [String: [Int: Double]] = [:]

    mutating func add(_ line: Substring) {
        let parts = line.split(separator: " ")
        points[String(parts[0]), default: [:]][Int(parts[2]) ?? 0] = Double(parts[1])
    }

    func counter(_ name: String, _ labels: LabelSet) -> Double? { points[name]?.values.reduce(0, +) }

    func gauge(_ name: String, _ labels: LabelSet) -> Double? { last(name) }

    func quantile(_ rank: Double, of name: String, _ labels: LabelSet) -> Double? {
        last("\(name).p\(Int(rank * 100))")
    }

    private func last(_ name: String) -> Double? { points[name]?.max { $0.key < $1.key }?.value }
}
