// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import WingbeatCollector
import WingbeatModel

@testable import WingbeatCollectorSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("A store in trouble", .timeLimit(.minutes(3)))
struct StoreTroubleTests {
    /// Holds up every write to the journal for as long as it is closed.
    private final class Gate: Sendable {
        private let isClosed = Atomic<Bool>(true)

        @Sendable func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int {
            while isClosed.load(ordering: .acquiring) { usleep(1000) }
            return JournalFile.write(descriptor, bytes, offset)
        }

        func open() {
            isClosed.store(false, ordering: .releasing)
        }
    }

    @Test("a healthy store says so")
    func healthy() async throws {
        try await StoreUnderTest().store.check()
    }

    @Test("what 50 tasks post at once is all there, each trace whole")
    func concurrent() async throws {
        let subject = try StoreUnderTest()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...50 {
                group.addTask {
                    let trace = newTrace(UInt64(number), start: Int64(number) * 1000)
                    try await subject.store.accept(trace)
                    #expect(try await subject.store.trace(trace[0].traceID) == trace, "found as soon as it is taken")
                }
            }
            try await group.waitForAll()
        }
        let expected = (1...50).reversed().map { newTrace(UInt64($0), start: Int64($0) * 1000) }
        #expect(try await subject.search() == expected)
    }

    @Test("when too many bytes wait, further spans are refused at once, and those that wait are kept")
    func busy() async throws {
        let gate = Gate()
        let size = try JournalRecord.pack(newTrace()).count
        let subject = try StoreUnderTest {
            $0.maximumWaitingBytes = size + 1
            $0.writeJournal = gate.write
        }
        let results = await withTaskGroup(of: SpanStoreError?.self) { group in
            for number in 1...20 {
                group.addTask {
                    do {
                        try await subject.store.accept(newTrace(UInt64(number)))
                        return nil
                    } catch {
                        return error as? SpanStoreError ?? .unavailable("\(error)")
                    }
                }
            }
            // The refusals come while the gate is closed; the others wait for its opening.
            var results: [SpanStoreError?] = []
            while let result = await group.next() {
                results.append(result)
                if results.count == 18 { gate.open() }
            }
            return results
        }
        // One post is being written and, if the writer took it before the next came, another one waits.
        let taken = results.count { $0 == nil }
        #expect(results.prefix(18).allSatisfy { $0 == .busy })
        #expect((1...2).contains(taken) && results.suffix(2).allSatisfy { $0 == nil || $0 == .busy })
        #expect(try await subject.search().count == taken)
        try await subject.store.accept(newTrace(100))
        #expect(try await subject.search().count == taken + 1)
    }

    @Test("one post that is larger than the limit is taken when nothing waits")
    func largerThanLimit() async throws {
        let subject = try StoreUnderTest { $0.maximumWaitingBytes = 1 }
        try await subject.store.accept(newTrace())
        #expect(try await subject.search() == [newTrace()])
    }

    @Test("a query that has no time times out; names are in memory, and writing goes on")
    func timeout() async throws {
        let subject = try StoreUnderTest { $0.options.queryTimeout = .nanoseconds(1) }
        try await subject.store.accept(newTrace())
        let store = subject.store
        let id = newTrace()[0].traceID
        await #expect(throws: SpanStoreError.timeout) { try await store.trace(id) }
        await #expect(throws: SpanStoreError.timeout) { try await subject.search() }
        #expect(try await store.services() == ["backend", "frontend"])
        try await store.check()
    }

    @Test("a query whose task is cancelled ends with that")
    func cancelled() async throws {
        let subject = try await StoreUnderTest(holding: newTrace())
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await subject.search()
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await subject.search() == [newTrace()])
    }

    @Test("a time limit of zero is none")
    func noTimeout() async throws {
        let subject = try StoreUnderTest { $0.options.queryTimeout = .zero }
        try await subject.store.accept(newTrace())
        #expect(try await subject.search() == [newTrace()])
    }

    @Test(
        "a damaged block costs its own spans, not the query, and is said",
        arguments: ["x''", "x'02'", "x'0105'", "x'01FFFFFFFFFFFFFFFFFF01'", "'text'", "7"]
    )
    func damagedBlock(blob: String) async throws {
        let folder = try TemporaryFolder()
        let extra = span(9, parent: 1, named: "extra")
        for spans in [newTrace(1), [extra], newTrace(2, start: 1)] {
            let store = try StoreUnderTest(in: folder).store
            try await store.accept(spans)
            await store.close()
        }
        let file = "spans/" + (try #require(folder.files(in: "spans", endingIn: ".sqlite").first))
        try folder.execute("UPDATE block_bytes SET bytes = \(blob) WHERE id = 1", in: file)
        let notices = Notices()
        let subject = try StoreUnderTest(in: folder) { $0.notice = notices.take }
        #expect(try await subject.store.trace(extra.traceID) == [extra])
        #expect(try await subject.search() == [newTrace(2, start: 1), [extra]])
        #expect(try await subject.search(service: "backend") == [newTrace(2, start: 1)])
        #expect(subject.store.damages == 1)
        let sentence =
            "block 1 of \(folder.path)/\(file) cannot be read: its bytes are damaged; its spans are not found"
        #expect(notices.all == [sentence])
    }

    @Test("a file whose tables are gone is set aside, and the others are read")
    func tablesGone() async throws {
        let folder = try TemporaryFolder()
        let clock = HandWoundClock(hour: 475_000)
        for number in [1, 2] as [UInt64] {
            let store = try StoreUnderTest(in: folder) { $0.clock = clock.clock }.store
            try await store.accept(newTrace(number))
            await store.close()
            clock.wind(hours: 1)
        }
        let names = folder.files(in: "spans")
        #expect(names == ["2024-03-09T16-0001.sqlite", "2024-03-09T17-0001.sqlite"])
        try folder.execute("DROP TABLE block", in: "spans/\(names[0])")
        let notices = Notices()
        let subject = try StoreUnderTest(in: folder) {
            $0.clock = clock.clock
            $0.notice = notices.take
        }
        #expect(try await subject.found() == [2])
        try await subject.store.accept(newTrace(3))
        #expect(notices.all.count == 1)
        #expect(notices.all.first?.hasPrefix("\(folder.path)/spans/\(names[0]) is set aside") == true)
        #expect(folder.files(in: "spans", endingIn: ".damaged").first == names[0] + ".damaged")
    }

    @Test("while the disk is full nothing is taken and everything is read; then it goes on by itself")
    func diskFull() async throws {
        let disk = FullDisk()
        let folder = try TemporaryFolder()
        let subject = try StoreUnderTest(in: folder) { $0.writeJournal = disk.write }
        try await subject.store.accept(newTrace(1))
        disk.room.store(10, ordering: .relaxed)
        for _ in 0..<3 {
            let error = await #expect(throws: SpanStoreError.self) { try await subject.store.accept(newTrace(2)) }
            #expect(error?.description.hasPrefix("the disk is full; cannot write to \(folder.path)/journal/") == true)
        }
        await #expect(throws: SpanStoreError.self) { try await subject.store.check() }
        #expect(try await subject.found() == [1])
        disk.room.store(.max, ordering: .relaxed)
        try await subject.store.accept(newTrace(3))
        try await subject.store.check()
        let notices = Notices()
        let next = try StoreUnderTest(in: try folder.copy()) { $0.notice = notices.take }
        #expect(Set(try await next.found()) == [1, 3])
        #expect(notices.all.isEmpty)
    }

    /// A disk with room for so many bytes of each write.
    private final class FullDisk: Sendable {
        let room = Atomic<Int>(.max)

        @Sendable func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int {
            let count = room.load(ordering: .relaxed)
            guard count < bytes.count else { return JournalFile.write(descriptor, bytes, offset) }
            _ = JournalFile.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(count)), offset)
            errno = ENOSPC
            return -1
        }
    }

    @Test("closing waits for what was taken")
    func close() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteSpanStore(directory: folder.path)
        try await store.accept(newTrace())
        await store.close()
        #expect(try await store.trace(newTrace()[0].traceID) == newTrace())
    }
}
