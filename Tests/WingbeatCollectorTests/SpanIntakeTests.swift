// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import WingbeatModel

@testable import WingbeatCollector

/// A clock that a test winds.
final class HandClock: IntakeClock {
    private let elapsed = Mutex<Int64>(0)

    var nanoseconds: Int64 { elapsed.withLock { $0 } }
    var unixNanoseconds: UInt64 { today * 1000 + UInt64(nanoseconds) }

    func advance(seconds: Int64) { elapsed.withLock { $0 += seconds * 1_000_000_000 } }
}

/// An intake in front of a fake store.
struct IntakeUnderTest {
    let store = FakeSpanStore()
    let clock = HandClock()
    let intake: SpanIntake

    init(_ adjust: (inout SpanIntake.Options) -> Void = { _ in }) {
        var options = SpanIntake.Options()
        adjust(&options)
        intake = SpanIntake(store: store, options: options, clock: clock)
    }

    func links(_ endTs: Int64 = Int64(today / 1000) + 86_400_000, lookback: Int64 = 2 * 86_400_000) async throws
        -> [DependencyLink]
    {
        try await intake.dependencies(in: TraceQuery.window(endTs: endTs, lookback: lookback))
    }
}

/// The spans with another trace id.
func moved(_ spans: [SpanRecord], to low: UInt64, high: UInt64 = 0) -> [SpanRecord] {
    spans.map { span in
        var span = span
        span.traceID = TraceID(high: high, low: low) ?? .smallest
        return span
    }
}

private let newTraceLinks = [link("backend", "db", errors: 1), link("frontend", "backend")]

@Suite("The intake links traces as they arrive")
struct IntakeLinkTests {
    @Test("nothing came: nothing is linked, and nothing is stored")
    func empty() async throws {
        let subject = IntakeUnderTest()
        try await subject.intake.accept([])
        try await subject.intake.flush()
        #expect(try await subject.links().isEmpty)
        #expect(subject.store.rollups.isEmpty)
        #expect(subject.intake.counts == IntakeCounts())
    }

    @Test("links are there at once, and the same after they were brought to the store and after the end")
    func always() async throws {
        let subject = IntakeUnderTest()
        for span in newTrace { try await subject.intake.accept([span]) }
        #expect(try await subject.links() == newTraceLinks)
        subject.clock.advance(seconds: 9)
        try await subject.intake.flush()
        #expect(subject.store.rollups.filter { $0.kind == .link }.isEmpty)
        #expect(try await subject.links() == newTraceLinks)
        subject.clock.advance(seconds: 1)
        try await subject.intake.flush()
        #expect(subject.store.rollups.filter { $0.kind == .link }.count == 2)
        #expect(try await subject.links() == newTraceLinks)
        try await subject.intake.accept(moved(newTrace, to: 2))
        try await subject.intake.close()
        #expect(subject.store.rollups.filter { $0.kind == .link }.count == 4)
        #expect(try await subject.links() == [link("backend", "db", 2, errors: 2), link("frontend", "backend", 2)])
    }

    @Test("the links of a minute carry how long the calls took")
    func durations() async throws {
        let subject = IntakeUnderTest()
        try await subject.intake.accept(newTrace)
        let links = try await subject.intake.links(in: Int64(today)...Int64(today) + 1)
        #expect(links.map(\.name) == ["db", "backend"])
        let microseconds = links.map { Double($0.calls.durations.quantile(0.95) ?? 0) / 1000 }
        #expect(abs(microseconds[0] - 50) < 50 * 0.125 && abs(microseconds[1] - 150) < 150 * 0.125)
    }

    @Test("a trace that is posted again while it waits does not count again, and 64 and 128 bits are one trace")
    func repeated() async throws {
        let subject = IntakeUnderTest()
        try await subject.intake.accept(newTrace)
        try await subject.intake.accept(moved(newTrace, to: 1, high: 7))
        #expect(try await subject.links() == newTraceLinks)
    }

    @Test("a window ends inside a trace: counted whole; before or after it: not at all")
    func windows() async throws {
        let subject = IntakeUnderTest()
        let later = newTrace.map { span in
            var span = span
            span.startNanoseconds += 5_000_000
            return span
        }
        try await subject.intake.accept(later)
        let today = Int64(WingbeatCollectorTests.today / 1000)
        #expect(try await subject.links(today + 5, lookback: 5) == newTraceLinks)
        #expect(try await subject.links(today + 4, lookback: 4).isEmpty)
        #expect(try await subject.links(today + 86_400_000, lookback: 1).isEmpty)
    }

    @Test("when too many spans wait, the trace that was silent for longest is linked early, and counted")
    func full() async throws {
        let subject = IntakeUnderTest { $0.maximumPendingSpans = 10 }
        for trace: UInt64 in 1...100 { try await subject.intake.accept(moved(newTrace, to: trace)) }
        #expect(subject.intake.limits.pendingSpans <= 10)
        #expect(subject.intake.limits.tracesLinkedEarly == 98)
        #expect(
            try await subject.links() == [link("backend", "db", 100, errors: 100), link("frontend", "backend", 100)]
        )
    }

    @Test("what a store cannot take waits until it can")
    func retried() async throws {
        let subject = IntakeUnderTest()
        try await subject.intake.accept(newTrace)
        subject.clock.advance(seconds: 10)
        subject.store.fail(with: SpanStoreError.busy)
        await #expect(throws: SpanStoreError.busy) { try await subject.intake.flush() }
        #expect(try await subject.links() == newTraceLinks)
        subject.store.fail(with: nil)
        try await subject.intake.flush()
        try await subject.intake.flush()
        #expect(subject.store.rollups.filter { $0.kind == .link }.map(\.calls.count) == [1, 1])
        #expect(try await subject.links() == newTraceLinks)
    }

    @Test("names without end fill the table, not the memory: the rest is called other")
    func endlessNames() async throws {
        let subject = IntakeUnderTest()
        let calls = (0..<30_000 as Range<UInt64>).map { number in
            span(
                number + 1,
                parent: 99_999,
                .client,
                at: frontend,
                to: NetworkEndpoint(serviceName: "s\(number)"),
                start: 1
            )
        }
        try await subject.intake.accept(calls)
        let found = try await subject.links()
        #expect(found.count <= 10_000)
        #expect(found.map(\.callCount).reduce(0, +) == 30_000)
        #expect(found.contains { $0.child == "other" && $0.callCount > 20_000 })
    }
}

@Suite("The intake counts what became of spans")
struct IntakeCountTests {
    @Test("received = stored + sampled out + rejected + failed, whatever happens at once")
    func law() async throws {
        let subject = IntakeUnderTest {
            $0.sampleRate = 0.5
            $0.maximumSpansPerTrace = 3
        }
        await withTaskGroup(of: Void.self) { group in
            for worker: UInt64 in 0..<8 {
                group.addTask {
                    for round: UInt64 in 1...50 {
                        if worker == 0 { subject.store.fail(with: round % 2 == 0 ? SpanStoreError.busy : nil) }
                        let low = (worker << 60) &+ (round << 40) &+ 1
                        try? await subject.intake.accept(moved(newTrace, to: low))
                        if worker == 1 { subject.intake.reject(2) }
                        let counts = subject.intake.counts
                        let parts = counts.stored + counts.sampledOut + counts.rejected + counts.failed
                        #expect(counts.received == parts)
                    }
                }
            }
        }
        let counts = subject.intake.counts
        #expect(counts.received == 8 * 50 * 4 + 100)
        #expect(counts.stored == subject.store.spans.count)
        #expect(counts.rejections[.invalid] == 100)
        #expect(counts.sampledOut > 0 && counts.stored > 0)
    }

    @Test("each failure is counted under its reason, and the sender hears of it")
    func failures() async throws {
        let subject = IntakeUnderTest()
        subject.store.fail(with: SpanStoreError.busy)
        await #expect(throws: SpanStoreError.busy) { try await subject.intake.accept(newTrace) }
        subject.store.fail(with: SpanStoreError.unavailable("full"))
        await #expect(throws: SpanStoreError.unavailable("full")) { try await subject.intake.accept(newTrace) }
        #expect(subject.intake.counts.failures == [.busy: 4, .unavailable: 4])
        #expect(subject.intake.counts.received == 8)
        #expect(try await subject.links().isEmpty)
    }

    @Test("of a trace that is too large so much is stored, and the trace says how much is missing")
    func largeTrace() async throws {
        let subject = IntakeUnderTest { $0.maximumSpansPerTrace = 10 }
        for number: UInt64 in 1...30 { try await subject.intake.accept([span(number)]) }
        try await subject.intake.accept(moved([span(1)], to: 2))
        // Beyond the tenth: the 2nd, 4th, 8th and 16th tell how many were left out before them.
        #expect(subject.store.spans.map(\.id.value) == Array(1...10) + [12, 14, 18, 26, 1])
        let marks = subject.store.spans.map { $0[attribute: SpanIntake.droppedSpansKey] }
        #expect(marks == Array(repeating: nil, count: 10) + [1, 2, 5, 12, nil])
        #expect(subject.intake.counts.rejections == [.traceTooLarge: 16])
        #expect(subject.intake.counts.stored == 15)
    }

    @Test("the rate keeps whole traces by Zipkin's rule, debug spans always, and counts of all spans stay right")
    func rate() async throws {
        let subject = IntakeUnderTest { $0.sampleRate = 0 }
        var debug = newTrace[0]
        debug.isDebug = true
        try await subject.intake.accept(newTrace + [debug])
        #expect(subject.store.spans == [debug])
        #expect(subject.intake.counts.sampledOut == 4)
        #expect(try await subject.links() == newTraceLinks)
    }

    @Test(
        "the boundary of a rate is that of Zipkin's collectors",
        arguments: [
            (0.5, UInt64(0x3FFF_FFFF_FFFF_FFFF), true), (0.5, 0x4000_0000_0000_0001, false),
            (0.5, 0xC000_0000_0000_0001, true), (0.5, 0xBFFF_FFFF_FFFF_FFFE, false), (1, 0x8000_0000_0000_0000, true),
            (0.9999, 0x8000_0000_0000_0000, false), (1, 0x7FFF_FFFF_FFFF_FFFF, true), (0, 1, false),
            (0.0001, 1, true), (.nan, 1, true), (7, 1, true), (-1, 1, false),
        ]
    )
    func boundary(rate: Double, low: UInt64, isKept: Bool) throws {
        #expect(RateSampler(rate: rate).keeps(try #require(TraceID(high: 0, low: low))) == isKept)
    }
}
