// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import WingbeatMetrics
import WingbeatMetricsInfluxDB
import WingbeatMetricsPush
import WingbeatModel
import WingbeatTesting

@Suite("InfluxDB's encoder as an exporter")
struct ContractTests {
    @Test("sums, gauges, labels and quantiles are what every exporter must tell")
    func contract() async throws {
        let registry = MetricRegistry()
        registry.keepSketches()
        let received = Mutex((window: MetricWindow(), points: Points()))
        try await ExporterContract(registry: registry) {
            received.withLock { received in
                let reading = received.window.advance(to: registry.snapshot())
                for line in lines(reading) { received.points.add(line) }
                return received.points
            }
        }.verify()
    }
}

/// All points of each series, as a database keeps them.
private struct Points: ReceivedMetrics {
    private var fields: [Substring: [String: [Double]]] = [:]

    mutating func add(_ line: String) {
        let parts = line.replacing("\\ ", with: "\u{1}").split(separator: " ")
        for field in parts[1].split(separator: ",") {
            let pair = field.split(separator: "=")
            fields[parts[0], default: [:]][String(pair[0]), default: []].append(Double(pair[1]) ?? .nan)
        }
    }

    func counter(_ name: String, _ labels: LabelSet) -> Double? { values("count", name, labels)?.reduce(0, +) }

    func gauge(_ name: String, _ labels: LabelSet) -> Double? { values("value", name, labels)?.last }

    func quantile(_ rank: Double, of name: String, _ labels: LabelSet) -> Double? {
        values("p\(Int(rank * 100))", name, labels)?.last
    }

    private func values(_ field: String, _ name: String, _ labels: LabelSet) -> [Double]? {
        let tags = labels.labels.map { ",\($0.name)=\($0.value.replacing(" ", with: "\u{1}"))" }
        return fields[Substring(name + tags.joined())]?[field]
    }
}
