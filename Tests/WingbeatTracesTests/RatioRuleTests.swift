// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatModel

@testable import WingbeatTraces

/// What other libraries decide for the same ids is asked of them in Tests/Integration/traces.
@Suite("The rules of a ratio")
struct RatioRuleTests {
    private static let rules: [RatioSampler.Rule] = [
        .openTelemetry, .openTelemetryLeftHalf, .zipkin, .zipkinBoundary(salt: 0), .zipkinBoundary(salt: .max),
    ]

    private func isSampled(_ ratio: Double, _ rule: RatioSampler.Rule, high: UInt64 = 1, low: UInt64) -> Bool {
        let id = TraceID(high: high, low: low) ?? .smallest
        return RatioSampler(ratio, rule: rule).isSampled(SamplingRequest(traceID: id, parent: nil, name: ""))
    }

    @Test("0, less, and no number record nothing; 1 and more everything", arguments: rules)
    func extremes(rule: RatioSampler.Rule) {
        for low: UInt64 in [0, 1, 5_000, 1 << 63 - 1, 1 << 63, .max - 1, .max] {
            for ratio: Double in [0, -1, .nan, -.infinity] { #expect(!isSampled(ratio, rule, low: low)) }
            for ratio: Double in [1, 2, .infinity] { #expect(isSampled(ratio, rule, high: .max, low: low)) }
        }
    }

    @Test("the share of random traces is the ratio", arguments: rules, [0.001, 0.1, 0.5, 0.9])
    func share(rule: RatioSampler.Rule, ratio: Double) {
        var generator = SeededGenerator(seed: 5)
        let count = 50_000
        let sampled = (0..<count).count { _ in
            isSampled(ratio, rule, high: .random(in: .min ... .max, using: &generator), low: generator.next())
        }
        #expect(abs(Double(sampled) / Double(count) - ratio) < 0.01)
    }

    @Test("the rules stand where they should")
    func borders() {
        #expect(isSampled(0.5, .openTelemetry, low: 1 << 63 - 1))
        #expect(!isSampled(0.5, .openTelemetry, low: 1 << 63))
        #expect(isSampled(0.5, .openTelemetryLeftHalf, high: 1 << 63 - 1, low: .max))
        #expect(!isSampled(0.5, .openTelemetryLeftHalf, high: 1 << 63, low: 1))
        #expect(isSampled(0.5, .zipkin, low: 1 << 62))
        #expect(!isSampled(0.5, .zipkin, low: 1 << 62 + 1))
        #expect(isSampled(0.5, .zipkin, low: .max), "minus one is small")
        #expect(isSampled(0.0001, .zipkinBoundary(salt: 0), low: 20_000))
        #expect(!isSampled(0.0001, .zipkinBoundary(salt: 0), low: 20_001))
        #expect(isSampled(0.0001, .zipkinBoundary(salt: 1), low: 20_001))
        #expect(!isSampled(0.00009, .zipkinBoundary(salt: 0), low: 20_000), "below a ten-thousandth is nothing")
    }

    @Test("what a ratio is, is told back")
    func told() {
        #expect(RatioSampler(0.25).ratio == 0.25)
        #expect(RatioSampler(7).ratio == 1)
        #expect(RatioSampler(.nan).ratio == 0)
        #expect(RatioSampler(0.25).rule == .openTelemetry)
    }
}
