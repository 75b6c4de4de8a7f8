// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatSpans
import Testing
import Tracing

@testable import WingbeatTraces

@Suite("The clock of spans")
struct SpanClockTests {
    @Test("the present is told from other instants")
    func present() {
        let before = wingbeat_monotonic()
        let found = SpanClock.monotonic(near: DefaultTracerClock.now.nanosecondsSinceEpoch)
        #expect(found == 0 || found >= before && found <= wingbeat_monotonic())
        let now = wingbeat_wall()
        for distance in [1_000_000_000, 3_600_000_000_000] as [UInt64] {
            #expect(SpanClock.monotonic(near: now - distance) == 0)
            #expect(SpanClock.monotonic(near: now + distance) == 0)
        }
        for odd in [0, 1, .max, .max - 1] as [UInt64] { #expect(SpanClock.monotonic(near: odd) == 0) }
    }

    @Test("monotonic time goes on, and the wall's is near what the system says")
    func clocks() {
        var last = wingbeat_now().monotonic
        for _ in 0..<10_000 {
            let next = wingbeat_now().monotonic
            #expect(next >= last)
            last = next
        }
        let wall = wingbeat_now().wall
        let system = wingbeat_wall()
        #expect(max(wall, system) - min(wall, system) < 1_000_000_000)
    }

    @Test("spans that begin and end in the present last by the monotonic clock")
    func durations() {
        let subject = TracerUnderTest()
        for _ in 0..<1_000 { subject.start("work").end() }
        #expect(subject.spans.allSatisfy { (1...60_000_000_000).contains($0.durationNanoseconds) })
    }
}
