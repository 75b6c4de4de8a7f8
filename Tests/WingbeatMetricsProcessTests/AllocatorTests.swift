// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import WingbeatMetricsProcess

@Suite("The allocator's numbers")
struct AllocatorTests {
    @Test("what is allocated is counted, in small blocks and in a large one, and what is freed is not")
    func figures() async {
        await #expect(processExitsWith: .success) {
            let before = try #require(AllocatorFigures.read())
            let small = (0..<100_000).map { _ in malloc(320) }
            let large = malloc(100_000_000)
            let during = try #require(AllocatorFigures.read())
            #expect(during.allocated - before.allocated >= 125_000_000)
            #expect(during.reserved - before.reserved >= 100_000_000)
            #expect(during.allocated <= during.reserved)
            for block in small { free(block) }
            free(large)
            let after = try #require(AllocatorFigures.read())
            #expect(during.allocated - after.allocated >= 125_000_000)
            #expect(during.reserved - after.reserved >= 95_000_000)
        }
    }

    @Test("an answer that took 40 ms is told again for 400 s, and a quick one for as long as nothing")
    func seldom() {
        let allocator = SlowAllocator()
        let reader = AllocatorReader(now: { allocator.now }, ask: { allocator.ask() })
        allocator.cost = .milliseconds(40)
        #expect(reader.read()?.figures.reserved == 1)
        #expect(reader.read()?.seconds == 0.04)
        allocator.pass(.seconds(399))
        #expect(reader.read()?.figures.reserved == 1)
        allocator.pass(.seconds(2))
        allocator.cost = .zero
        #expect(reader.read()?.figures.reserved == 2)
        #expect(reader.read()?.figures.reserved == 3)
    }

    @Test("where malloc cannot be asked nothing is told")
    func unknown() {
        #expect(AllocatorReader(ask: { nil }).read() == nil)
    }
}

/// A fake of malloc that takes as long as it is told, by a clock of its own, and numbers its answers.
private final class SlowAllocator: Sendable {
    private struct State {
        var now = ContinuousClock.now
        var cost: Duration = .zero
        var answers = 0.0
    }

    private let state = Mutex(State())

    var now: ContinuousClock.Instant { state.withLock { $0.now } }

    var cost: Duration {
        get { state.withLock { $0.cost } }
        set { state.withLock { $0.cost = newValue } }
    }

    func pass(_ duration: Duration) { state.withLock { $0.now += duration } }

    func ask() -> AllocatorFigures? {
        state.withLock { state in
            state.now += state.cost
            state.answers += 1
            return AllocatorFigures(reserved: state.answers, allocated: 0)
        }
    }
}
