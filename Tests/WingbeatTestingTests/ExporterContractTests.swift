// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics
import WingbeatMetricsInfluxDB
import WingbeatMetricsPrometheus
import WingbeatModel
import WingbeatTesting

@Suite("What every exporter must do")
struct ExporterContractTests {
    private let registry = MetricRegistry()

    @Test("Prometheus' text keeps the contract; it has no quantiles of its own")
    func prometheus() async throws {
        let registry = registry
        var contract = ExporterContract(registry: registry) {
            var text: [UInt8] = []
            PrometheusTextEncoder().encode(registry, into: &text)
            return ReceivedLines(prometheus: String(decoding: text, as: UTF8.self))
        }
        contract.hasQuantiles = false
        try await contract.verify()
    }

    @Test("InfluxDB's lines keep the contract, in windows")
    func influxDB() async throws {
        let registry = registry
        registry.keepSketches()
        let backend = LineBackend(registry, InfluxDBEncoder())
        try await ExporterContract(registry: registry) { await backend.flush() }.verify()
    }

    @Test(
        "an exporter that loses a flush, a gauge's base, a label or precision is found out",
        arguments: Fault.allCases
    )
    func violation(_ fault: Fault) async {
        let registry = registry
        registry.keepSketches()
        let backend = LineBackend(registry, InfluxDBEncoder(), fault)
        await #expect(throws: ContractViolation.self) {
            try await ExporterContract(registry: registry) { await backend.flush() }.verify()
        }
    }
}

/// What the faulty backend does wrong.
enum Fault: CaseIterable {
    case losesEverySecondFlush, losesSigns, losesLabels, losesPrecision
}

/// A fake InfluxDB: adds up what it is told.
actor LineBackend {
    private let registry: MetricRegistry
    private let encoder: InfluxDBEncoder
    private let fault: Fault?
    private var window = MetricWindow()
    private var received = ReceivedLines()
    private var flushes = 0

    init(_ registry: MetricRegistry, _ encoder: InfluxDBEncoder, _ fault: Fault? = nil) {
        self.registry = registry
        self.encoder = encoder
        self.fault = fault
    }

    func flush() -> ReceivedLines {
        flushes += 1
        let messages = encoder.encode(window.advance(to: registry.snapshot()), at: UInt64(flushes))
        if fault == .losesEverySecondFlush, flushes.isMultiple(of: 2) { return received }
        for message in messages { received.add(influx: String(decoding: message, as: UTF8.self), fault) }
        return received
    }
}

/// Numbers by the name and labels that were on the line.
struct ReceivedLines: ReceivedMetrics {
    private struct Key: Hashable {
        let name: String
        let labels: LabelSet
    }

    private var sums: [Key: Double] = [:]
    private var last: [Key: Double] = [:]

    init() {}

    /// `name{label="value",...} number`, where no value of the contract has a comma or a quote in it.
    init(prometheus text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " "), let number = Double(line[line.index(after: space)...]) else {
                continue
            }
            let parts = line[..<space].split(separator: "{")
            let labels = parts.dropFirst().first.map { $0.dropLast().split(separator: ",") } ?? []
            let pairs = labels.map { $0.split(separator: "=", maxSplits: 1) }
            let set = LabelSet(pairs.map { Label(String($0[0]), String($0[1].dropFirst().dropLast())) })
            let name = String(parts[0]).replacing("_total", with: "").replacing("_", with: ".")
            sums[Key(name: name, labels: set)] = number
            last[Key(name: name, labels: set)] = number
        }
    }

    /// `name,tag=value field=1,field=2 time`; escaped spaces are taken for the spaces that they stand for.
    mutating func add(influx text: String, _ fault: Fault?) {
        for line in text.split(separator: "\n") {
            let parts = line.replacing("\\ ", with: "\u{1}").split(separator: " ")
            let words = parts[0].split(separator: ",")
            let pairs = words.dropFirst().map { $0.split(separator: "=", maxSplits: 1) }
            let labels = fault == .losesLabels ? [] : pairs
            let set = LabelSet(labels.map { Label(String($0[0]), String($0[1]).replacing("\u{1}", with: " ")) })
            for field in parts[1].split(separator: ",") {
                let pair = field.split(separator: "=")
                guard var number = Double(pair[1]) else { continue }
                if fault == .losesSigns { number = abs(number) }
                if fault == .losesPrecision, pair[0].hasPrefix("p") { number *= 1.02 }
                let suffix = ["count", "value"].contains(pair[0]) ? "" : "." + pair[0]
                let key = Key(name: words[0] + suffix, labels: set)
                sums[key, default: 0] += number
                last[key] = number
            }
        }
    }

    func counter(_ name: String, _ labels: LabelSet) -> Double? { sums[Key(name: name, labels: labels)] }

    func gauge(_ name: String, _ labels: LabelSet) -> Double? { last[Key(name: name, labels: labels)] }

    func quantile(_ rank: Double, of name: String, _ labels: LabelSet) -> Double? {
        last[Key(name: "\(name).p\(Int(rank * 100))", labels: labels)]
    }
}
