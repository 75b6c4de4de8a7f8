// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WingbeatMetrics
import WingbeatMetricsCirconus
import WingbeatModel
import WingbeatTesting

@Suite("Circonus' encoder as an exporter")
struct ContractTests {
    @Test("sums, gauges, labels and quantiles are what every exporter must tell")
    func contract() async throws {
        let registry = MetricRegistry()
        registry.keepSketches()
        let encoder = encoder { $0.histograms = [.quantiles] }
        try await ExporterContract(registry: registry) {
            let body = Data(encoder.encode(registry.snapshot(), at: 0).flatMap(\.self))
            return Trap(numbers: try JSONDecoder().decode([String: Trap.Number].self, from: body))
        }.verify()
    }
}

/// The last body, which has the sums since the start.
private struct Trap: ReceivedMetrics {
    struct Number: Decodable {
        let _value: Double
    }

    let numbers: [String: Number]

    func counter(_ name: String, _ labels: LabelSet) -> Double? {
        let tags = labels.labels.map { label in
            let isPlain = !label.value.contains(" ")
            return "\(label.name):" + (isPlain ? label.value : "b\"\(Data(label.value.utf8).base64EncodedString())\"")
        }
        return numbers[tags.isEmpty ? name : "\(name)|ST[\(tags.joined(separator: ","))]"]?._value
    }

    func gauge(_ name: String, _ labels: LabelSet) -> Double? { counter(name, labels) }

    func quantile(_ rank: Double, of name: String, _ labels: LabelSet) -> Double? {
        counter("\(name).p\(Int(rank * 100))", labels)
    }
}
