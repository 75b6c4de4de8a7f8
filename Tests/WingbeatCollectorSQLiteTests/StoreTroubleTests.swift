// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CSQLite
import Testing
import WingbeatCollector
import WingbeatCollectorSQLite
import WingbeatModel

@Suite("A store in trouble", .timeLimit(.minutes(3)))
struct StoreTroubleTests {
    /// Keeps everybody else from writing to a store's database for as long as it lives.
    private final class WriteLock {
        private var handle: OpaquePointer?

        init(_ folder: TemporaryFolder) throws {
            try #require(sqlite3_open(folder.path + "/spans.sqlite", &handle) == SQLITE_OK)
            try #require(sqlite3_exec(handle, "BEGIN IMMEDIATE", nil, nil, nil) == SQLITE_OK)
        }

        func release() {
            sqlite3_close(handle)
            handle = nil
        }

        deinit { release() }
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
        #expect(try await subject.links().map(\.callCount) == [50, 50])
    }

    @Test("when too many spans wait, further ones are refused at once, and those that wait are kept")
    func busy() async throws {
        let subject = try StoreUnderTest { $0.maximumWaitingSpans = 5 }
        let lock = try WriteLock(subject.folder)
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
            // The refusals come while the lock is held; the others wait for its release.
            var results: [SpanStoreError?] = []
            while let result = await group.next() {
                results.append(result)
                if results.count == 18 { lock.release() }
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
        let subject = try StoreUnderTest { $0.maximumWaitingSpans = 1 }
        try await subject.store.accept(newTrace())
        #expect(try await subject.search() == [newTrace()])
    }

    @Test("a query that has no time times out; writing goes on")
    func timeout() async throws {
        let subject = try StoreUnderTest { $0.queryTimeout = .zero }
        try await subject.store.accept(newTrace())
        let store = subject.store
        let id = newTrace()[0].traceID
        await #expect(throws: SpanStoreError.timeout) { try await store.services() }
        await #expect(throws: SpanStoreError.timeout) { try await store.spanNames(ofService: "frontend") }
        await #expect(throws: SpanStoreError.timeout) { try await store.remoteServices(ofService: "frontend") }
        await #expect(throws: SpanStoreError.timeout) { try await store.trace(id) }
        await #expect(throws: SpanStoreError.timeout) { try await subject.search() }
        await #expect(throws: SpanStoreError.timeout) { try await subject.links() }
        await #expect(throws: SpanStoreError.timeout) { try await store.check() }
    }

    @Test(
        "a damaged row costs its own spans, not the query",
        arguments: ["x''", "x'02'", "x'0105'", "x'01FFFFFFFFFFFFFFFFFF01'", "'text'", "7"]
    )
    func damagedRow(blob: String) async throws {
        let subject = try StoreUnderTest()
        let extra = span(9, parent: 1, named: "extra")
        try await subject.store.accept(newTrace(1))
        try await subject.store.accept([extra])
        try await subject.store.accept(newTrace(2, start: 1))
        try execute("UPDATE fragment SET spans = \(blob) WHERE id = 1", in: subject.folder)
        #expect(try await subject.store.trace(extra.traceID) == [extra])
        #expect(try await subject.search() == [newTrace(2, start: 1), [extra]])
        #expect(try await subject.search(service: "backend") == [newTrace(2, start: 1)])
        #expect(try await subject.links().map(\.callCount) == [1, 1])
    }

    @Test("when the tables are gone the store says so, to readers and writers, and does not trap")
    func tablesGone() async throws {
        let subject = try await StoreUnderTest(holding: newTrace())
        try execute("DROP TABLE fragment", in: subject.folder)
        await #expect(throws: SpanStoreError.self) { try await subject.store.check() }
        await #expect(throws: SpanStoreError.self) { try await subject.search() }
        await #expect(throws: SpanStoreError.self) { try await subject.store.accept(newTrace(2)) }
        #expect(try await subject.store.services() == ["backend", "frontend"])
    }

    @Test("a transaction that fails leaves nothing behind, and the next one is whole")
    func rollback() async throws {
        let subject = try StoreUnderTest()
        try execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON fragment WHEN new.trace_low = 2 BEGIN SELECT raise(FAIL, 'no'); END",
            in: subject.folder
        )
        await #expect(throws: SpanStoreError.self) { try await subject.store.accept(newTrace(1) + newTrace(2)) }
        #expect(try await subject.search().isEmpty)
        #expect(try await subject.store.services().isEmpty)
        try await subject.store.accept(newTrace(3))
        #expect(try await subject.store.services() == ["backend", "frontend"])
        #expect(try await subject.found(service: "backend") == [3])
        #expect(try await subject.store.spanNames(ofService: "frontend") == ["get", "post"])
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
