// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing
import WingbeatModel

@testable import WingbeatTraces

@Suite("A limited rate of traces")
struct RateLimitingTests {
    /// A clock that the test winds, in milliseconds.
    private final class HandWoundClock: Sendable {
        private let milliseconds = Atomic<UInt64>(0)

        func set(_ value: UInt64) { milliseconds.store(value, ordering: .relaxed) }
        func nanoseconds() -> UInt64 { milliseconds.load(ordering: .relaxed) * 1_000_000 }
    }

    private static let request = SamplingRequest(traceID: .smallest, parent: nil, name: "")
    private let clock = HandWoundClock()

    private func sampler(_ perSecond: Int) -> RateLimitingSampler {
        RateLimitingSampler(perSecond: perSecond, now: clock.nanoseconds)
    }

    /// How many of a thousand requests at a moment are recorded.
    private func burst(_ sampler: RateLimitingSampler, at milliseconds: UInt64) -> Int {
        clock.set(milliseconds)
        return (0..<1000).count { _ in sampler.isSampled(Self.request) }
    }

    @Test("zero and less record nothing", arguments: [0, -1, .min])
    func nothing(perSecond: Int) {
        #expect(burst(sampler(perSecond), at: 0) == 0)
        #expect(!RateLimitingSampler(perSecond: perSecond).isSampled(Self.request))
    }

    @Test("bursts in every tenth of a second share what the second has, evenly")
    func smooth() {
        let sampler = sampler(100)
        for second in 0..<3 as Range<UInt64> {
            for tenth in 0..<10 as Range<UInt64> {
                #expect(burst(sampler, at: second * 1000 + tenth * 100 + 50) == 10)
                #expect(burst(sampler, at: second * 1000 + tenth * 100 + 99) == 0)
            }
        }
    }

    @Test(
        "a second never has more than the rate, nor less when there is demand",
        arguments: [1, 3, 9, 10, 11, 99, 101, 999]
    )
    func rate(perSecond: Int) {
        let sampler = sampler(perSecond)
        for second in 0..<3 as Range<UInt64> {
            let recorded = (0..<10).map { burst(sampler, at: second * 1000 + $0 * 100) }
            #expect(recorded.reduce(0, +) == perSecond)
            #expect((recorded.max() ?? 0) <= perSecond / 10 + 1)
        }
    }

    @Test("what was not used earlier in the second may be used later in it, and not in the next")
    func unused() {
        let sampler = sampler(10)
        #expect(burst(sampler, at: 900) == 10)
        #expect(burst(sampler, at: 1000) == 1)
        #expect(burst(sampler, at: 5000) == 1)
        #expect(burst(sampler, at: 5999) == 9)
    }

    @Test("a huge rate does not overflow")
    func huge() {
        #expect(sampler(.max).perSecond == 2_147_483_647)
        #expect(burst(sampler(.max), at: UInt64.max / 1_000_000 - 1) == 1000)
    }

    @Test("eight threads together get the rate and no more")
    func threads() async {
        let sampler = sampler(1000)
        clock.set(950)
        let recorded = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { (0..<1000).count { _ in sampler.isSampled(Self.request) } } }
            return await group.reduce(0, +)
        }
        #expect(recorded == 1000)
    }
}
