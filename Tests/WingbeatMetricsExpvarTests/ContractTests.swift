// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WingbeatMetrics
import WingbeatMetricsExpvar
import WingbeatModel
import WingbeatTesting

@Suite("The endpoint of expvar as an exporter")
struct ContractTests {
    @Test("sums, gauges, labels and quantiles are what every exporter must tell")
    func contract() async throws {
        let registry = MetricRegistry()
        let endpoint = ExpvarEndpoint(registry: registry)
        try await ExporterContract(registry: registry) {
            let body = try JSONSerialization.jsonObject(with: Data(endpoint.respond().body))
            let numbers = (body as? [String: Any] ?? [:]).compactMapValues { $0 as? Double }
            let maps = (body as? [String: Any] ?? [:]).compactMapValues { $0 as? [String: Double] }
            return Variables(numbers: numbers, maps: maps)
        }.verify()
    }
}

private struct Variables: ReceivedMetrics {
    let numbers: [String: Double]
    let maps: [String: [String: Double]]

    func counter(_ name: String, _ labels: LabelSet) -> Double? {
        let key = labels.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
        return labels.labels.isEmpty ? numbers[name] : maps[name]?[key]
    }

    func gauge(_ name: String, _ labels: LabelSet) -> Double? { counter(name, labels) }

    func quantile(_ rank: Double, of name: String, _ labels: LabelSet) -> Double? {
        counter("\(name).p\(Int(rank * 100))", labels)
    }
}
