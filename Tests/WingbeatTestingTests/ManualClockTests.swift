// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatTesting

@Suite("The clock that tests wind")
struct ManualClockTests {
    private let clock = ManualClock()

    @Test("it stands still, and moves as far as it is wound")
    func time() {
        let start = clock.now
        #expect(clock.now == start)
        clock.advance(by: .seconds(10))
        #expect(start.duration(to: clock.now) == .seconds(10))
    }

    @Test("a sleeper wakes when its time has come, not before")
    func sleep() async throws {
        let clock = clock
        let sleeper = Task { try await clock.sleep(for: .seconds(10)) }
        while clock.sleeperCount == 0 { await Task.yield() }
        clock.advance(by: .seconds(9))
        #expect(clock.sleeperCount == 1)
        clock.advance(by: .seconds(1))
        #expect(clock.sleeperCount == 0)
        try await sleeper.value
    }

    @Test("a time that is over already is not waited for")
    func past() async throws {
        try await clock.sleep(until: clock.now)
    }

    @Test("a sleeper that is cancelled wakes with an error", arguments: [true, false])
    func cancel(whenAsleep: Bool) async {
        let clock = clock
        let sleeper = Task { try await clock.sleep(for: .seconds(10)) }
        while whenAsleep, clock.sleeperCount == 0 { await Task.yield() }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(clock.sleeperCount == 0)
    }
}
