// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel

@testable import WingbeatTraces

@Suite("Samplers")
struct SamplerTests {
    private func request(_ low: UInt64, parent: SamplingDecision? = nil) -> SamplingRequest {
        let traceID = TraceID(high: 1, low: low) ?? .smallest
        return SamplingRequest(
            traceID: traceID,
            parent: parent.map { TraceContext(traceID: traceID, spanID: .smallest, sampling: $0) },
            name: "work"
        )
    }

    @Test("always is always, never is never")
    func constants() {
        #expect(AlwaysSampler().isSampled(request(1)))
        #expect(!NeverSampler().isSampled(request(1)))
    }

    @Test(
        "a ratio of 0 or less, or no number, records nothing; of 1 or more everything",
        arguments: [
            (0, false), (-1, false), (.nan, false), (-.infinity, false), (1, true), (2, true), (.infinity, true),
        ] as [(Double, Bool)]
    )
    func extremes(ratio: Double, isSampled: Bool) {
        let sampler = RatioSampler(ratio)
        for low in [0, 1, 1 << 63, UInt64.max, UInt64.max - 1] {
            #expect(sampler.isSampled(request(low)) == isSampled)
        }
    }

    @Test("the share of recorded traces is the ratio", arguments: [0.01, 0.1, 0.5, 0.9])
    func share(ratio: Double) {
        let sampler = RatioSampler(ratio)
        let count = 100_000
        let sampled = (0..<count).count { _ in
            sampler.isSampled(SamplingRequest(traceID: NewIDs.root().0, parent: nil, name: ""))
        }
        #expect(abs(Double(sampled) / Double(count) - ratio) < 0.01)
    }

    @Test("the same trace is always decided alike, and a larger ratio records whatever a smaller one does")
    func consistent() {
        for _ in 0..<1000 {
            let request = SamplingRequest(traceID: NewIDs.root().0, parent: nil, name: "")
            let isSampled = RatioSampler(0.3).isSampled(request)
            #expect(RatioSampler(0.3).isSampled(request) == isSampled)
            if isSampled { #expect(RatioSampler(0.6).isSampled(request)) }
        }
    }

    @Test("a parent-based sampler follows the caller, and asks the root sampler where there is no decision")
    func parentBased() {
        let never = ParentBasedSampler(root: NeverSampler())
        #expect(never.isSampled(request(1, parent: .sampled)))
        #expect(never.isSampled(request(1, parent: .debug)))
        #expect(!never.isSampled(request(1, parent: .deferred)))
        #expect(!never.isSampled(request(1)))
        let always = ParentBasedSampler()
        #expect(!always.isSampled(request(1, parent: .notSampled)))
        #expect(always.isSampled(request(1, parent: .deferred)))
        #expect(always.isSampled(request(1)))
    }
}
