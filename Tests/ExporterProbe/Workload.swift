// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatMetrics

/// What the probes record, so that the tests know what a backend must have received.
struct Workload {
    let registry: MetricRegistry
    private let requests: CounterFamily
    private let temperature: GaugeFamily
    private let latency: HistogramFamily

    init(registry: MetricRegistry) {
        self.registry = registry
        requests = registry.counter("probe.requests", help: "Requests.", labels: ["method"])
        temperature = registry.gauge("probe.temperature", help: "Degrees.")
        latency = registry.histogram("probe.latency", help: "Latency.", buckets: .normal)
    }

    /// Random increments, a negative gauge, and 12,345 values of N(500, 25).
    ///
    /// - Returns: the sum of the increments for each method, and the values' quantiles `p50`, `p90`, `p95` and `p99`,
    ///   `count` and `sum`.
    func recordOnce(seed: UInt64) -> [String: Double] {
        var random = SeededRandom(seed: seed)
        var sums: [String: Double] = [:]
        for _ in 0..<1000 {
            let method = random.unit() < 0.5 ? "GET" : "POST"
            let amount = Int64(random.unit() * 100)
            requests[method].increment(by: amount)
            sums[method, default: 0] += Double(amount)
        }
        temperature[].set(-3.5)
        let values = (0..<12_345).map { _ in max(0, 500 + 25 * random.normal()) }
        for value in values { latency[].observe(value) }
        return sums.merging(summary(of: values)) { $1 }
    }

    private func summary(of values: [Double]) -> [String: Double] {
        let sorted = values.sorted()
        var summary = ["count": Double(values.count), "sum": values.reduce(0, +)]
        for percent in [50, 90, 95, 99] { summary["p\(percent)"] = sorted[(sorted.count * percent + 99) / 100 - 1] }
        return summary
    }

    /// Increments the counter steadily, about a thousand times a second.
    ///
    /// - Returns: how often.
    func recordSteadily(for duration: Duration) async -> Int {
        let end = ContinuousClock.now + duration
        var count = 0
        while ContinuousClock.now < end {
            for _ in 0..<10 { requests["GET"].increment() }
            count += 10
            try? await Task.sleep(for: .milliseconds(10))
        }
        return count
    }
}

extension Buckets {
    /// For values around 500.
    static let normal = Buckets.linear(start: 400, width: 10, count: 21)
}

/// SplitMix64, so that a run can be repeated.
struct SeededRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// From 0 up to 1.
    mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
    }

    /// Of the standard normal distribution (Box and Muller 1958).
    mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
    }
}
