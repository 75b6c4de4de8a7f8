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

@Suite("A store that is killed")
struct StoreJournalTests {
    /// A store that was killed after some posts, and what it said when it was opened again.
    private func reopened(
        _ folder: TemporaryFolder,
        adjust: (inout SQLiteSpanStore.Configuration) -> Void = { _ in }
    ) throws -> (StoreUnderTest, Notices) {
        let notices = Notices()
        let subject = try StoreUnderTest(in: folder) {
            adjust(&$0)
            $0.notice = notices.take
        }
        return (subject, notices)
    }

    private func killed(after posts: [[SpanRecord]]) async throws -> TemporaryFolder {
        let subject = try StoreUnderTest()
        for spans in posts { try await subject.store.accept(spans) }
        return try subject.folder.copy()
    }

    @Test("has every span that it acknowledged, once, in every part, and the names")
    func replay() async throws {
        let folder = try await killed(after: [newTrace(1), [everySpanPart], newTrace(2), newTrace(1)])
        for _ in 0..<3 {
            let (subject, notices) = try reopened(folder)
            #expect(try await subject.store.trace(newTrace(1)[0].traceID) == newTrace(1))
            #expect(try await subject.store.trace(everySpanPart.traceID) == [everySpanPart])
            #expect(try await subject.store.services() == ["backend", "frontend"])
            #expect(try await subject.store.remoteServices(ofService: "backend") == ["db"])
            #expect(try await subject.store.status().spans == 13)
            #expect(notices.all.isEmpty)
        }
    }

    @Test("goes on in the same file of the journal")
    func goesOn() async throws {
        let folder = try await killed(after: [newTrace(1)])
        do {
            let (subject, _) = try reopened(folder)
            try await subject.store.accept(newTrace(2, start: 1))
        }
        #expect(folder.files(in: "journal") == ["00000001.journal"])
        let (subject, _) = try reopened(folder)
        #expect(try await subject.found() == [2, 1])
    }

    @Test("loses only the record that it was writing, wherever that was cut off")
    func tornTail() async throws {
        let whole = try await killed(after: [newTrace(1), newTrace(2)])
        let bytes = try readFile(whole.path + "/journal/00000001.journal")
        let last = try JournalRecord.pack(newTrace(2)).count
        for length in stride(from: bytes.count - last + 1, to: bytes.count, by: 37) {
            let folder = try whole.copy()
            try folder.write(Array(bytes.prefix(length)), to: "journal/00000001.journal")
            let (subject, notices) = try reopened(folder)
            #expect(try await subject.found() == [1])
            #expect(
                notices.all.count == 1 && notices.all[0].contains("ended with \(length - bytes.count + last) bytes")
            )
            try await subject.store.accept(newTrace(3, start: 1))
            #expect(try await subject.found() == [3, 1])
            let (next, silence) = try reopened(try folder.copy())
            #expect(try await next.found() == [3, 1])
            #expect(silence.all.isEmpty)
        }
    }

    @Test("and whose journal's first line was cut off holds nothing")
    func tornFirstLine() async throws {
        for length in 0..<JournalFile.firstLine.count {
            let folder = try TemporaryFolder()
            mkdir(folder.path + "/journal", 0o755)
            try folder.write(Array(JournalFile.firstLine.prefix(length)), to: "journal/00000007.journal")
            let (subject, _) = try reopened(folder)
            try await subject.store.accept(newTrace(1))
            let (next, _) = try reopened(try folder.copy())
            #expect(try await next.found() == [1])
        }
    }

    @Test("and whose journal is damaged in the middle loses that record and says so")
    func damagedRecord() async throws {
        let whole = try await killed(after: [newTrace(1), newTrace(2, start: 1), newTrace(3, start: 2)])
        let bytes = try readFile(whole.path + "/journal/00000001.journal")
        let first = JournalFile.firstLine.count + (try JournalRecord.pack(newTrace(1)).count)
        for offset in [0, 3, 4, 7, 8, 12, 100] {  // the mark, the length, the checksum, the spans
            var damaged = bytes
            damaged[first + offset] ^= 0xFF
            let folder = try whole.copy()
            try folder.write(damaged, to: "journal/00000001.journal")
            let (subject, notices) = try reopened(folder)
            #expect(try await subject.found() == [3, 1], "byte \(offset)")
            #expect(
                notices.all == [
                    "\(folder.path)/journal/00000001.journal is damaged in 1 places; the spans there are lost"
                ]
            )
        }
    }

    @Test("between writing a file and removing the journal has its spans once")
    func betweenCommitAndUnlink() async throws {
        let subject = try StoreUnderTest()
        try await subject.store.accept(newTrace(1))
        let journal = try readFile(subject.folder.path + "/journal/00000001.journal")
        await subject.store.close()
        let folder = try subject.folder.copy()
        #expect(folder.files(in: "journal") == [])
        try folder.write(journal, to: "journal/00000001.journal")
        let (next, notices) = try reopened(folder)
        #expect(try await next.store.status().spans == 4)
        #expect(try await next.search() == [newTrace(1)])
        #expect(folder.files(in: "journal") == [])
        #expect(notices.all.isEmpty)
        try await next.store.accept(newTrace(2))
        #expect(folder.files(in: "journal") == ["00000002.journal"])
    }

    @Test("with several full heads has them all")
    func severalHeads() async throws {
        let subject = try StoreUnderTest { $0.headLimits.spans = 4 }
        for number in 1...40 { try await subject.store.accept(newTrace(UInt64(number), start: Int64(number))) }
        let folder = try subject.folder.copy()
        do {
            let (next, _) = try reopened(folder)
            #expect(try await next.found() == (1...40).reversed())
            await next.store.close()
        }
        for name in folder.files(in: "spans", endingIn: ".sqlite") {
            #expect(try folder.answer("PRAGMA integrity_check", in: "spans/" + name) == "ok")
        }
        let (last, _) = try reopened(folder)
        #expect(try await last.found() == (1...40).reversed())
        #expect(try await last.store.status().spans == 160)
    }

    @Test("a journal's bytes are as they were in the last version")
    func goldenBytes() throws {
        let span = SpanRecord(traceID: .smallest, id: .smallest, name: "a")
        let record = try JournalRecord.pack([span])
        let hex = record.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let header = "574a5231" + "22000000" + "c8ebcf0b"  // the mark, the length, the checksum
        let trace = "0000000000000000" + "0100000000000000"
        #expect(hex == header + "01" + trace + "00" + "0100000000000000" + "00" + "0161" + "0000" + "000000")
    }
}
