// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatModel

@testable import WingbeatCollectorSQLite

@Suite("A store deletes what is too old or too much")
struct StoreRetentionTests {
    private let clock = HandWoundClock(hour: 475_000)

    /// A store with one trace in each of some hours; the clock stands at the hour after them.
    private func store(
        hours: Int,
        in folder: TemporaryFolder? = nil,
        adjust: (inout SQLiteSpanStore.Configuration) -> Void = { _ in }
    ) async throws -> StoreUnderTest {
        let subject = try StoreUnderTest(in: folder) {
            $0.clock = clock.clock
            adjust(&$0)
        }
        for number in 1...hours {
            try await subject.store.accept(newTrace(UInt64(number), start: Int64(number)))
            await subject.store.close()
            clock.wind(hours: 1)
        }
        return subject
    }

    @Test("by age: whole hours, when the last of their spans is old enough, and the names with them")
    func age() async throws {
        let notices = Notices()
        let subject = try await store(hours: 3) {
            $0.retention = .seconds(5 * 3600)
            $0.notice = notices.take
        }
        try await subject.store.accept([span(1, of: 9, at: database, named: "late", start: 9)])
        await subject.store.tidy()
        #expect(try await subject.found() == [9, 3, 2, 1])
        clock.wind(hours: 3)
        await subject.store.tidy()
        #expect(try await subject.found() == [9, 3, 2])
        clock.wind(hours: 2)
        await subject.store.tidy()
        #expect(try await subject.found() == [9])
        #expect(try await subject.store.services() == ["db"])
        #expect(try await subject.store.spanNames(ofService: "frontend") == [])
        #expect(try await subject.store.evictions() == ["frontend": 6, "backend": 6])
        #expect(try await subject.store.status().evictedSpans == 12)
        #expect(try await subject.store.status().evictedSpansByService == ["frontend": 6, "backend": 6])
        #expect(
            notices.all.first == "2024-03-09T16-0001.sqlite with 4 spans is deleted: it is older than 18000.0 seconds"
        )
        #expect(subject.folder.files(in: "spans", endingIn: ".sqlite").count == 1)
    }

    @Test("by bytes: the oldest file first")
    func bytes() async throws {
        let folder = try TemporaryFolder()
        _ = try await store(hours: 4, in: folder)
        let size = try await StoreUnderTest(in: folder).store.status().bytes
        let perHour = try #require(
            fileSize(folder.path + "/spans/" + folder.files(in: "spans", endingIn: ".sqlite")[0])
        )
        let limit = size - perHour - perHour / 2
        let subject = try StoreUnderTest(in: folder) {
            $0.clock = clock.clock
            $0.retention = .zero
            $0.maximumBytes = limit
        }
        await subject.store.tidy()
        #expect(try await subject.found() == [4, 3])
        #expect(try await subject.store.status().bytes <= limit)
        #expect(try await subject.store.evictions() == ["frontend": 4, "backend": 4])
    }

    @Test("but not a pinned trace, whose late spans are kept, too, until it is unpinned")
    func pins() async throws {
        let subject = try await store(hours: 2) { $0.retention = .seconds(5 * 3600) }
        let pinned = newTrace(1, start: 1)
        try await subject.store.pin(pinned[0].traceID)
        let late = span(9, of: 1, parent: 1, start: 5)
        try await subject.store.accept([late])
        await subject.store.close()
        clock.wind(hours: 9)
        await subject.store.tidy()
        #expect(subject.folder.files(in: "spans", endingIn: ".sqlite") == [])
        #expect(try await subject.store.pins() == [pinned[0].traceID])
        #expect(try await subject.search(service: "backend") == [pinned + [late]])
        let next = try StoreUnderTest(in: try subject.folder.copy()) { $0.clock = clock.clock }
        #expect(try await next.store.trace(late.traceID) == pinned + [late])
        try await subject.store.unpin(late.traceID)
        #expect(try await subject.store.pins() == [])
        #expect(try await subject.search() == [])
    }

    @Test("a query that has begun reads a file to its end")
    func inUse() async throws {
        let subject = try await store(hours: 1) { $0.retention = .seconds(3600) }
        let budget = QueryBudget(timeout: .zero)
        var reader: StoreReader? = subject.store.reader(budget)
        clock.wind(hours: 9)
        await subject.store.tidy()
        #expect(try await subject.search() == [])
        #expect(try reader?.trace(newTrace(1)[0].traceID) == newTrace(1, start: 1))
        reader = nil
        #expect(subject.folder.files(in: "spans") == [])
    }
}

@Suite("A store keeps rollups")
struct StoreRollupTests {
    private func rollup(_ kind: Rollup.Kind, _ minute: Int64, _ name: String, count: Int) -> Rollup {
        var calls = CallStatistics(count: count, errors: 1)
        calls.durations.record(nanoseconds: 1_000_000, times: UInt64(count))
        return Rollup(kind, minute: minute, service: "a", name: name, calls: calls)
    }

    @Test("numbers of the same minute and names are added up, across openings")
    func addedUp() async throws {
        let folder = try TemporaryFolder()
        for _ in 0..<2 {
            let store = try StoreUnderTest(in: folder).store
            try await store.add([rollup(.link, 7, "b", count: 2), rollup(.link, 8, "b", count: 3)])
            try await store.add([rollup(.operation, 7, "b", count: 5)])
        }
        let store = try StoreUnderTest(in: folder).store
        var sum = rollup(.link, 7, "b", count: 4)
        sum.calls.errors = 2
        #expect(try await store.rollups(.link, in: 7 * 60_000_000...8 * 60_000_000 - 1) == [sum])
        #expect(try await store.rollups(.link, in: 0...Int64.max).map(\.calls.count) == [4, 6])
        #expect(try await store.rollups(.operation, in: 0...Int64.max).map(\.calls.count) == [10])
        #expect(try await store.rollups(.link, in: 0...6 * 60_000_000).isEmpty)
    }

    @Test("they outlive their spans, but go after a week")
    func trimmed() async throws {
        let clock = HandWoundClock(hour: 475_000)
        let store = try StoreUnderTest {
            $0.clock = clock.clock
            $0.retention = .seconds(3600)
        }.store
        try await store.add([rollup(.link, 475_000 * 60, "b", count: 2), rollup(.link, 475_002 * 60, "b", count: 3)])
        clock.wind(hours: 7 * 24 + 1)
        await store.tidy()
        #expect(try await store.rollups(.link, in: 0...Int64.max).map(\.calls.count) == [3])
    }
}
