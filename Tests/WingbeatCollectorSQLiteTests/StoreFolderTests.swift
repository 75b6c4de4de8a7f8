// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CSQLite
import Testing
import WingbeatCollector
import WingbeatCollectorSQLite
import WingbeatModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Runs statements on a store's database from outside.
func execute(_ sql: String, in folder: TemporaryFolder) throws {
    var handle: OpaquePointer?
    try #require(sqlite3_open(folder.path + "/spans.sqlite", &handle) == SQLITE_OK)
    defer { sqlite3_close(handle) }
    try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK, "\(String(cString: sqlite3_errmsg(handle)))")
}

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

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(fopen(path, "w"))
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
        fclose(file)
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
        for name in ["spans.sqlite", "spans.sqlite-wal", "spans.sqlite-shm", "lock"] { unlink("\(inner)/\(name)") }
        #expect(rmdir(inner) == 0)
        #expect(rmdir(folder.path + "/a") == 0)
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
        try write([], to: folder.path + "/lock")
        let file = folder.path + "/lock"
        #expect(failure(opening: file) == "cannot write to the folder \(file): Not a directory")
        unlink(file)
        mkdir(file, 0o755)
        #expect(failure(opening: folder.path) == "cannot write to the folder \(folder.path): Is a directory")
    }

    @Test("a database that cannot be opened is named")
    func notAFile() throws {
        let folder = try TemporaryFolder()
        mkdir(folder.path + "/spans.sqlite", 0o755)
        #expect(failure(opening: folder.path)?.hasPrefix("cannot open \(folder.path)/spans.sqlite: ") == true)
    }

    @Test("data of a newer collector is refused, and left as it is")
    func newerFormat() throws {
        let folder = try TemporaryFolder()
        _ = try SQLiteSpanStore(directory: folder.path)
        try execute("PRAGMA user_version=2", in: folder)
        #expect(failure(opening: folder.path) == "the data has format 2, but this collector reads format 1")
        try execute("PRAGMA user_version=1", in: folder)
        #expect(failure(opening: folder.path) == nil)
    }

    @Test("a file that is no database, or a damaged one, is refused with SQLite's words")
    func garbage() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/spans.sqlite"
        try write(Array(repeating: 0x55, count: 100_000), to: path)
        #expect(failure(opening: folder.path)?.contains("file is not a database") == true)
        try write(Array("SQLite format 3\u{0}".utf8) + Array(repeating: 0xAA, count: 50_000), to: path)
        #expect(failure(opening: folder.path) != nil)
    }

    @Test("an empty file becomes a database")
    func emptyFile() async throws {
        let folder = try TemporaryFolder()
        try write([], to: folder.path + "/spans.sqlite")
        let store = try SQLiteSpanStore(directory: folder.path)
        try await store.accept(newTrace())
        #expect(try await store.services().count == 2)
    }
}
