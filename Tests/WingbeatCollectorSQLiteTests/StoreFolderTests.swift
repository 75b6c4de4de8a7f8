// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

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

@Suite("A store's folder")
struct StoreFolderTests {
    private func failure(opening directory: String) -> String? {
        do throws(SpanStoreError) {
            _ = try SQLiteSpanStore(directory: directory)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("folders that are not there are made")
    func makesFolders() async throws {
        let folder = try TemporaryFolder()
        let inner = folder.path + "/a/b"
        do {
            let store = try SQLiteSpanStore(directory: inner)
            try await store.check()
            await store.close()
        }
        let names = folder.files(in: "a/b").filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
        #expect(names == ["catalog.sqlite", "journal", "lock", "spans"])
    }

    @Test("everything is there when the store is opened again")
    func reopen() async throws {
        let folder = try TemporaryFolder()
        do {
            let store = try SQLiteSpanStore(directory: folder.path)
            try await store.accept(newTrace() + [everySpanPart])
            await store.close()
        }
        let store = try SQLiteSpanStore(directory: folder.path)
        #expect(try await store.trace(newTrace()[0].traceID) == newTrace())
        #expect(try await store.trace(everySpanPart.traceID) == [everySpanPart])
        #expect(try await store.services() == ["backend", "frontend"])
        #expect(try await store.spanNames(ofService: "backend") == ["get /ä", "post", "query"])
        try await store.accept(newTrace(2))
        #expect(try await store.services() == ["backend", "frontend"])
        #expect(try await store.trace(newTrace(2)[0].traceID) == newTrace(2))
    }

    @Test("a folder that is in use is not opened a second time; when it is free again it is")
    func inUse() throws {
        let folder = try TemporaryFolder()
        do {
            let first = try SQLiteSpanStore(directory: folder.path)
            #expect(failure(opening: folder.path) == "the folder \(folder.path) is in use by another collector")
            withExtendedLifetime(first) {}
        }
        #expect(failure(opening: folder.path) == nil)
    }

    @Test("a folder that cannot be made or written to is named, with the reason")
    func unwritable() throws {
        let folder = try TemporaryFolder()
        #expect(failure(opening: "/dev/null/spans") == "cannot make the folder /dev/null/spans: Not a directory")
        #expect(failure(opening: "/proc/wingbeat")?.hasPrefix("cannot make the folder /proc/wingbeat: ") == true)
        #expect(failure(opening: "")?.hasPrefix("cannot make the folder ") == true)
        try folder.write([], to: "/lock")
        let file = folder.path + "/lock"
        #expect(failure(opening: file) == "cannot write to the folder \(file): Not a directory")
        unlink(file)
        mkdir(file, 0o755)
        #expect(failure(opening: folder.path) == "cannot write to the folder \(folder.path): Is a directory")
    }

    @Test("data of a newer collector is refused, and left as it is")
    func newerFormat() async throws {
        let folder = try TemporaryFolder()
        do {
            let store = try SQLiteSpanStore(directory: folder.path)
            try await store.accept(newTrace())
            await store.close()
        }
        let file = "spans/" + (try #require(folder.files(in: "spans").first))
        try folder.execute("PRAGMA user_version=3", in: file)
        let sentence = "\(folder.path)/\(file) has format 3, but this collector reads format 2"
        #expect(failure(opening: folder.path) == sentence)
        try folder.execute("PRAGMA user_version=2", in: file)
        try folder.execute("PRAGMA user_version=2", in: "catalog.sqlite")
        let other = "\(folder.path)/catalog.sqlite has format 2, but this collector reads format 1"
        #expect(failure(opening: folder.path) == other)
        try folder.execute("PRAGMA user_version=1", in: "catalog.sqlite")
        try folder.write(Array("wingbeat journal 2\n".utf8), to: "journal/00000009.journal")
        #expect(failure(opening: folder.path)?.contains("00000009.journal begins with") == true)
        unlink(folder.path + "/journal/00000009.journal")
        let store = try SQLiteSpanStore(directory: folder.path)
        #expect(try await store.trace(newTrace()[0].traceID) == newTrace())
    }

    @Test(
        "a file that is no database, or a damaged one, is set aside with SQLite's words, and the rest is read",
        arguments: [
            Array(repeating: 0x55, count: 100_000),
            Array("SQLite format 3\u{0}".utf8) + Array(repeating: 0xAA, count: 50_000), [],
        ] as [[UInt8]]
    )
    func garbage(bytes: [UInt8]) async throws {
        let folder = try TemporaryFolder()
        do {
            let store = try SQLiteSpanStore(directory: folder.path)
            try await store.accept(newTrace())
            await store.close()
        }
        _ = try FolderLock(folder.path)  // the store is gone
        try folder.write(bytes, to: "spans/2020-02-29T23-0001.sqlite")
        try folder.write(bytes, to: "catalog.sqlite")
        for suffix in ["-wal", "-shm"] { unlink(folder.path + "/catalog.sqlite" + suffix) }
        let notices = Notices()
        let subject = try StoreUnderTest(in: folder) { $0.notice = notices.take }
        #expect(try await subject.search() == [newTrace()])
        #expect(folder.files(in: "spans", endingIn: ".damaged") == ["2020-02-29T23-0001.sqlite.damaged"])
        // An empty file is an empty database: a catalog as new.
        #expect(notices.all.count == (bytes.isEmpty ? 1 : 2))
        #expect(notices.all.allSatisfy { $0.contains(" is set aside as ") })
    }

    @Test("the database of the previous version is taken over, once, with its damaged rows left out")
    func previousVersion() async throws {
        let folder = try TemporaryFolder()
        try PreviousVersion.write([newTrace(1), newTrace(2, high: 7), [everySpanPart]], to: folder)
        try folder.execute("INSERT INTO fragment VALUES (99, 5, 5, 1, x'0105')", in: "spans.sqlite")
        let notices = Notices()
        for _ in 0..<2 {
            let subject = try StoreUnderTest(in: folder) { $0.notice = notices.take }
            #expect(try await subject.store.trace(newTrace(1)[0].traceID) == newTrace(1))
            #expect(try await subject.store.trace(newTrace(2, high: 7)[0].traceID) == newTrace(2, high: 7))
            #expect(try await subject.store.trace(everySpanPart.traceID) == [everySpanPart])
            #expect(try await subject.store.services() == ["backend", "frontend"])
            await subject.store.close()
        }
        #expect(notices.all == ["9 spans of the previous version are taken over from \(folder.path)/spans.sqlite"])
        #expect(folder.files(in: "", endingIn: ".sqlite") == ["catalog.sqlite"])
        #expect(folder.files(in: "", endingIn: ".imported") == ["spans.sqlite.imported"])
    }

    @Test("a database of an unknown version, or none at all, is left as it is, and it is said why")
    func unknownPreviousVersion() async throws {
        let folder = try TemporaryFolder()
        try PreviousVersion.write([newTrace(1)], to: folder)
        try folder.execute("PRAGMA user_version=7", in: "spans.sqlite")
        let notices = Notices()
        do { _ = try StoreUnderTest(in: folder) { $0.notice = notices.take } }
        try folder.write(Array(repeating: 0x55, count: 10_000), to: "spans.sqlite")
        do { _ = try StoreUnderTest(in: folder) { $0.notice = notices.take } }
        let beginning = "the spans of the previous version in \(folder.path)/spans.sqlite are not taken over: "
        #expect(notices.all.count == 2)
        #expect(notices.all.first == beginning + "it has format 7, and only format 1 is known")
        #expect(notices.all.last?.hasPrefix(beginning + "file is not a database") == true)
        #expect(folder.files(in: "", endingIn: "spans.sqlite") == ["spans.sqlite"])
    }
}

/// Writes what the previous version wrote: only what is read of it.
private enum PreviousVersion {
    static func write(_ fragments: [[SpanRecord]], to folder: TemporaryFolder) throws {
        let connection = try Connection(path: folder.path + "/spans.sqlite")
        try connection.execute(
            """
            PRAGMA journal_mode=WAL;
            CREATE TABLE fragment (
                id INTEGER PRIMARY KEY, trace_low INTEGER NOT NULL, trace_high INTEGER NOT NULL, start INTEGER,
                spans BLOB NOT NULL);
            PRAGMA user_version=1
            """
        )
        for spans in fragments {
            let statement = try connection.statement(
                "INSERT INTO fragment (trace_low, trace_high, start, spans) VALUES (?, ?, 1, ?)"
            )
            statement.bind(1, Int64(bitPattern: spans[0].traceID.low))
            statement.bind(2, Int64(bitPattern: spans[0].traceID.high))
            statement.bind(3, SpanBlob.pack(spans))
            try statement.run()
        }
    }
}
