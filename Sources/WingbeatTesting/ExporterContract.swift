// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatMetrics
public import WingbeatModel

/// What a monitoring system received, for ``ExporterContract`` to look at.
public protocol ReceivedMetrics {
    /// The sum of everything that was received for a counter; nil when nothing was.
    func counter(_ name: String, _ labels: LabelSet) -> Double?
    /// The last value that was received for a gauge; nil when none was.
    func gauge(_ name: String, _ labels: LabelSet) -> Double?
    /// The quantile of the last window that was received for a histogram; nil when the backend has none.
    func quantile(_ rank: Double, of name: String, _ labels: LabelSet) -> Double?
}

/// An exporter that does not do what every exporter must.
public struct ContractViolation: Error, CustomStringConvertible {
    /// What was expected and what came.
    public let description: String
}

/// What every exporter of metrics must do, whatever its backend: sums are exact, the last value of a gauge arrives,
/// labels tell series apart, and quantiles are within a tolerance.
///
/// Give it a way to flush the exporter and to read what the backend then has. The numbers are those of Go kit's
/// `teststat`.
public struct ExporterContract: Sendable {
    /// How far a quantile may be from the true one, as a part of it.
    public var quantileTolerance = 0.01
    /// False for backends without labels.
    public var hasLabels = true
    /// False for backends without quantiles.
    public var hasQuantiles = true
    private let registry: MetricRegistry
    private let flush: @Sendable () async throws -> any ReceivedMetrics

    /// - Parameters:
    ///   - registry: what the exporter reads.
    ///   - flush: makes the exporter send, and returns everything that the backend has received so far.
    public init(registry: MetricRegistry, flush: @escaping @Sendable () async throws -> any ReceivedMetrics) {
        self.registry = registry
        self.flush = flush
    }

    /// Checks everything.
    ///
    /// - Throws: ``ContractViolation`` with the first thing that is not as it must be.
    public func verify(seed: UInt64 = 1) async throws {
        var random = ContractRandom(state: seed)
        try await verifyCounters(&random)
        try await verifyGauges(&random)
        if hasLabels { try await verifyLabels() }
        if hasQuantiles { try await verifyQuantiles(&random) }
    }

    private func verifyCounters(_ random: inout ContractRandom) async throws {
        let counter = registry.counter("contract.counter")[]
        var sum = 0
        for _ in 0..<5 {
            for amount in 0..<100 where random.unit() < 0.5 {
                counter.increment(by: amount)
                sum += amount
            }
            let received = try await flush().counter("contract.counter", .empty)
            try expect(received == Double(sum), "the counter to be \(sum) after a flush", received)
        }
        let unchanged = try await flush().counter("contract.counter", .empty)
        try expect(unchanged == Double(sum), "the counter to stay \(sum) when nothing is counted", unchanged)
    }

    private func verifyGauges(_ random: inout ContractRandom) async throws {
        let gauge = registry.gauge("contract.gauge")[]
        var value = 0.0
        for _ in 0..<100 {
            value = (random.unit() * 1000).rounded()
            gauge.set(value)
        }
        for _ in 0..<100 {
            let amount = (random.unit() * 100).rounded() - 50
            value += amount
            gauge.add(amount)
        }
        try expect(try await flush().gauge("contract.gauge", .empty) == value, "the gauge to be \(value)", nil)
        gauge.add(1)
        let afterFlush = try await flush().gauge("contract.gauge", .empty)
        try expect(afterFlush == value + 1, "an addition after a flush to start from what was there", afterFlush)
        gauge.set(-3.5)
        let negative = try await flush().gauge("contract.gauge", .empty)
        try expect(negative == -3.5, "the gauge to be -3.5", negative)
    }

    private func verifyLabels() async throws {
        let family = registry.counter("contract.labels", labels: ["b", "a"])
        family["2", "1"].increment(by: 3)
        family["2", "x y"].increment(by: 4)
        family[labels: ["a": "1", "b": "2"]].increment(by: 5)
        let received = try await flush()
        let first = received.counter("contract.labels", ["a": "1", "b": "2"])
        try expect(first == 8, "labels in any order to be one series with 8", first)
        let second = received.counter("contract.labels", ["a": "x y", "b": "2"])
        try expect(second == 4, "another value of a label to be another series with 4", second)
    }

    private func verifyQuantiles(_ random: inout ContractRandom) async throws {
        let histogram = registry.histogram("contract.histogram")[]
        _ = try await flush()
        var values: [Double] = []
        for _ in 0..<12_345 {
            let value = max(0, 500 + 25 * random.normal())
            values.append(value)
            histogram.observe(value)
        }
        values.sort()
        let received = try await flush()
        for rank in [0.5, 0.9, 0.95, 0.99] {
            let exact = values[Int(rank * Double(values.count))]
            let found = received.quantile(rank, of: "contract.histogram", .empty)
            let isClose = found.map { abs($0 - exact) <= quantileTolerance * exact } ?? false
            try expect(isClose, "the quantile \(rank) of N(500, 25) to be near \(exact)", found)
        }
    }

    private func expect(_ condition: Bool, _ expectation: String, _ received: Double?) throws {
        guard !condition else { return }
        throw ContractViolation(
            description: "expected \(expectation), received \(received.map { "\($0)" } ?? "something else or nothing")"
        )
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014), and from it the normal distribution by adding twelve numbers.
private struct ContractRandom {
    var state: UInt64

    mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
    }

    /// Of the standard normal distribution, nearly.
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + unit() } }
}
