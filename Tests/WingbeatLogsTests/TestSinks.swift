// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import WingbeatLogs

extension LogSink {
    /// Writes text of whole lines in one call.
    func write(_ text: String, level: Logger.Level = .info) throws {
        if let error = error(writing: text, level: level) { throw error }
    }

    /// What writing the text throws; nil when it is taken.
    func error(writing text: String, level: Logger.Level = .info) -> LogSinkError? {
        Array(text.utf8).withUnsafeBytes { (bytes) -> LogSinkError? in
            let count = bytes.count { $0 == UInt8(ascii: "\n") }
            do throws(LogSinkError) {
                try write(LogLines(bytes: bytes, count: count, level: level))
                return nil
            } catch {
                return error
            }
        }
    }
}

/// A fake that takes so many bytes of each call, keeps them, and then fails.
final class FakeFailingSink: LogSink {
    let kept = Mutex("")
    private let bytesPerCall: Int

    init(bytesPerCall: Int = 0) {
        self.bytesPerCall = bytesPerCall
    }

    func write(_ lines: LogLines) throws(LogSinkError) {
        let taken = lines.bytes.prefix(bytesPerCall)
        kept.withLock { $0 += String(decoding: taken, as: UTF8.self) }
        throw .failed("it broke", writtenBytes: taken.count)
    }
}

/// A fake that never has room.
final class FakeFullSink: LogSink {
    func write(_ lines: LogLines) throws(LogSinkError) { throw .full }
}

/// Keeps lines in memory, but holds up who writes while its gate is shut.
final class GatedSink: LogSink {
    private let memory = InMemoryLogSink()
    private let gate = NSCondition()
    private let isOpen: Mutex<Bool>

    init(isOpen: Bool = false) {
        self.isOpen = Mutex(isOpen)
    }

    var lines: [String] { memory.lines }

    func open() {
        gate.lock()
        isOpen.withLock { $0 = true }
        gate.broadcast()
        gate.unlock()
    }

    func write(_ lines: LogLines) {
        gate.lock()
        while !isOpen.withLock({ $0 }) { gate.wait() }
        gate.unlock()
        memory.write(lines)
    }
}

/// A folder that is removed when it is let go of.
final class TemporaryFolder: Sendable {
    let path = NSTemporaryDirectory() + "wingbeat-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func text(of name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }
}

/// Waits until something is so, for ten seconds at most.
func eventually(_ isSo: () -> Bool) -> Bool {
    for _ in 0..<5_000 {
        if isSo() { return true }
        usleep(2_000)
    }
    return isSo()
}
