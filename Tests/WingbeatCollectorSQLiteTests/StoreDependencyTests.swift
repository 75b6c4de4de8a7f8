// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatCollectorSQLite
import WingbeatModel

@Suite("Which services call which, counted on the way to a store")
struct StoreDependencyTests {
    private func holding(_ spans: [SpanRecord]) async throws -> StoreUnderTest {
        let subject = try StoreUnderTest()
        try await subject.intake.accept(spans)
        return subject
    }

    private func link(_ parent: String, _ child: String, _ calls: Int = 1, errors: Int = 0) -> DependencyLink {
        DependencyLink(parent: parent, child: child, callCount: calls, errorCount: errors)
    }

    private var newTraceLinks: [DependencyLink] { [link("backend", "db", errors: 1), link("frontend", "backend")] }

    @Test("an empty store counts nothing")
    func empty() async throws {
        #expect(try await StoreUnderTest().links().isEmpty)
    }

    @Test("a request through three services is two links, the failed one with its error")
    func threeServices() async throws {
        #expect(try await holding(newTrace()).links() == newTraceLinks)
    }

    @Test("spans that arrive one by one, in any order, make the same links")
    func oneByOne() async throws {
        let subject = try StoreUnderTest()
        for span in newTrace().reversed() { try await subject.intake.accept([span]) }
        #expect(try await subject.links() == newTraceLinks)
    }

    @Test("a trace whose services disagree on 64 and 128 bits counts once")
    func mixedIDs() async throws {
        let wide = newTrace(7, high: 9)
        let narrow = newTrace(7)
        let subject = try await holding([wide[0], wide[1], narrow[2], narrow[3]])
        #expect(try await subject.links() == newTraceLinks)
    }

    @Test("a trace that is posted again does not count again")
    func repeated() async throws {
        let subject = try await holding(newTrace())
        try await subject.intake.accept(newTrace())
        #expect(try await subject.links() == newTraceLinks)
    }

    @Test("a trace whose root never arrived has the same links")
    func headless() async throws {
        #expect(try await holding(Array(newTrace().dropFirst())).links() == newTraceLinks)
    }

    @Test("a trace of 20,000 calls, each below the one before, is counted without a deep stack")
    func deepest() async throws {
        let calls = (1...20_000 as ClosedRange<UInt64>).map { number in
            span(number, parent: number - 1, .server, at: number % 2 == 0 ? frontend : backend)
        }
        let subject = try await holding(calls.reversed())
        #expect(try await subject.links().map(\.callCount) == [10_000, 9_999])
    }

    @Test("a window that ends inside a trace counts it whole; one before or after it does not count it")
    func windows() async throws {
        let subject = try await holding(newTrace(start: 5000))
        func links(_ endTs: Int64, _ lookback: Int64) async throws -> [DependencyLink] {
            try await subject.intake.dependencies(
                in: TraceQuery.window(endTs: endTs, lookback: lookback)
            )
        }
        #expect(try await links(today + 5, 5) == newTraceLinks)
        #expect(try await links(today + 4, 4).isEmpty)
        #expect(try await links(today + day, 1).isEmpty)
    }

    @Test("today, yesterday and both are counted apart")
    func days() async throws {
        let subject = try await holding(newTrace(1) + newTrace(2, start: -day * 1000))
        func links(_ endTs: Int64, _ lookback: Int64) async throws -> [DependencyLink] {
            try await subject.intake.dependencies(
                in: TraceQuery.window(endTs: endTs, lookback: lookback)
            )
        }
        #expect(try await links(today + day - 1, day - 1) == newTraceLinks)
        #expect(try await links(today - 1, day - 1) == newTraceLinks)
        #expect(
            try await links(today + day, 2 * day) == [
                link("backend", "db", 2, errors: 2), link("frontend", "backend", 2),
            ]
        )
    }
}
