// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import Testing

@testable import WingbeatLogs

@Suite("Lines to a file")
struct FileSinkTests {
    /// What a sink told.
    final class Told: Sendable {
        private let storage = Mutex<[String]>([])
        var messages: [String] { storage.withLock { $0 } }
        func tell(_ message: String) { storage.withLock { $0.append(message) } }
    }

    @Test("a new sink makes an empty file that others cannot read")
    func empty() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/log"
        let sink = try FileSink(path: path)
        #expect(try folder.text(of: "log").isEmpty)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(try #require(mode) & 0o137 == 0)
        #expect(sink.lostLines == 0)
    }

    @Test("lines are appended to what is there, as they come")
    func appends() throws {
        let folder = try TemporaryFolder()
        try "old\n".write(toFile: "\(folder.path)/log", atomically: false, encoding: .utf8)
        let sink = try FileSink(path: "\(folder.path)/log")
        try sink.write("a\nb\n")
        #expect(try folder.text(of: "log") == "old\na\nb\n")
        try sink.write("c\n")
        #expect(try folder.text(of: "log") == "old\na\nb\nc\n")
    }

    @Test("a file that cannot be opened is an error that names it and says why")
    func cannotOpen() {
        let error = #expect(throws: LogFileError.self) { try FileSink(path: "/nowhere/log") }
        #expect(error?.description == "cannot open the log file /nowhere/log: No such file or directory")
        #expect(error?.errorNumber == ENOENT)
        #expect(throws: LogFileError(path: "/tmp", errorNumber: EISDIR)) { try FileSink(path: "/tmp") }
    }

    @Test("after a rename lines go on to the renamed file until it is reopened, and then to a new one")
    func reopen() throws {
        let folder = try TemporaryFolder()
        let sink = try FileSink(path: "\(folder.path)/log")
        try sink.write("one\n")
        try FileManager.default.moveItem(atPath: "\(folder.path)/log", toPath: "\(folder.path)/log.1")
        try sink.write("two\n")
        try sink.reopen()
        try sink.write("three\n")
        #expect(try folder.text(of: "log.1") == "one\ntwo\n")
        #expect(try folder.text(of: "log") == "three\n")
    }

    @Test("when the new file cannot be opened, lines go on to the old one")
    func cannotReopen() throws {
        let folder = try TemporaryFolder()
        let place = "\(folder.path)/place"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        let sink = try FileSink(path: "\(place)/log")
        try sink.write("one\n")
        try FileManager.default.moveItem(atPath: place, toPath: "\(folder.path)/elsewhere")
        #expect(throws: LogFileError(path: "\(place)/log", errorNumber: ENOENT)) { try sink.reopen() }
        try sink.write("two\n")
        #expect(try folder.text(of: "elsewhere/log") == "one\ntwo\n")
    }

    @Test("a file is closed when it is reopened and when its sink goes")
    func closes() async {
        await #expect(processExitsWith: .success) {
            func openFiles() -> Int { (0..<256).count { fcntl($0, F_GETFD) >= 0 } }
            let folder = try TemporaryFolder()
            let before = openFiles()
            var sink: FileSink? = try FileSink(path: "\(folder.path)/log")
            for _ in 0..<5 { try sink?.reopen() }
            #expect(openFiles() == before + 1)
            sink = nil
            #expect(openFiles() == before)
        }
    }

    @Test("a full disk is an error each time, and told once", .enabled(if: access("/dev/full", W_OK) == 0))
    func fullDisk() throws {
        let told = Told()
        let sink = try FileSink(path: "/dev/full", tell: told.tell)
        for _ in 0..<3 {
            #expect(sink.error(writing: "a\n") == .failed("No space left on device", writtenBytes: 0))
        }
        #expect(told.messages == ["The log file /dev/full cannot be written: No space left on device."])
    }

    @Test("a disk that is really full takes what fits, and lines again when a file was removed")
    func fullFileSystem() throws {
        let folder = try TemporaryFolder()
        guard command("mount", "-t", "tmpfs", "-o", "size=64k", "none", folder.path) else {
            try Test.cancel("this user may not mount file systems")
        }
        defer { _ = command("umount", "-l", folder.path) }
        let told = Told()
        try Data(count: 40_000).write(to: URL(fileURLWithPath: "\(folder.path)/other"))
        let sink = try FileSink(path: "\(folder.path)/log", tell: told.tell)
        let buffer = BufferedSink(to: sink, configuration: .init(flushTimeout: .seconds(60)))
        for _ in 0..<500 { try buffer.write(String(repeating: "x", count: 99) + "\n") }
        buffer.flush()
        #expect(told.messages.count == 1)
        try FileManager.default.removeItem(atPath: "\(folder.path)/other")
        try buffer.write("room again\n", level: .error)
        #expect(told.messages.count == 2)
        let lines = try folder.text(of: "log").split(separator: "\n")
        let whole = lines.count { $0.count == 99 }
        #expect(whole > 0)
        #expect(buffer.lostLines == 500 - UInt64(whole))
        #expect(lines.last == "room again")
    }

    // The limit of a file's size makes the kernel behave as a disk that is full does, and can be lifted again.
    @Test("when there is room again, lines are taken again, a broken one is ended, and that is told once")
    func roomAgain() async {
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            let folder = try TemporaryFolder()
            let told = Told()
            let path = "\(folder.path)/log"
            let sink = try FileSink(path: path, tell: told.tell)
            try limitFileSize(10)
            #expect(sink.error(writing: "first\nsecond\n") == .failed("File too large", writtenBytes: 10))
            #expect(sink.error(writing: "unheard\n") == .failed("File too large", writtenBytes: 0))
            try sink.reopen()
            try limitFileSize(1_000)
            try sink.write("third\n")
            try sink.write("fourth\n")
            #expect(try folder.text(of: "log") == "first\nseco\nthird\nfourth\n")
            #expect(
                told.messages == [
                    "The log file \(path) cannot be written: File too large.",
                    "The log file \(path) can be written again.",
                ]
            )
        }
    }
}

private func limitFileSize(_ bytes: UInt) throws {
    var limit = rlimit()
    try #require(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
    limit.rlim_cur = rlim_t(bytes)
    try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
}

/// Whether a program of the system ends well.
private func command(_ name: String, _ arguments: String...) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
}
