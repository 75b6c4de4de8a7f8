// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Appends lines to a file before it returns.
///
/// When the file cannot be written (a full disk, for one), lines are not taken until it can be again; the sink tells
/// once on standard error when that begins and once when it is over. A line that was broken off is ended before the
/// next one. What the system has taken survives the end of the process, but not a loss of power: the file is not synced.
/// When the file is renamed or removed, lines go on to the same file until ``reopen()``.
public final class FileSink: LogSink {
    private let path: String
    private let permissions: UInt32
    private let state: Guarded<State>
    private let tell: @Sendable (String) -> Void

    private struct State {
        var writer: DescriptorWriter
        var isFailing = false
    }

    /// Opens the file for appending, and makes it where it does not exist.
    ///
    /// - Parameters:
    ///   - path: The file. Its folder must be there.
    ///   - permissions: The bits of a file that is made, less those of the process' umask.
    public convenience init(path: String, permissions: UInt32 = 0o640) throws(LogFileError) {
        try self.init(path: path, permissions: permissions) { message in
            tellStandardError(message)
        }
    }

    init(path: String, permissions: UInt32 = 0o640, tell: @escaping @Sendable (String) -> Void) throws(LogFileError) {
        self.path = path
        self.permissions = permissions
        self.tell = tell
        state = Guarded(State(writer: DescriptorWriter(try openFile(path, permissions))))
    }

    deinit {
        state.withLock { _ = close($0.writer.descriptor) }
    }

    /// Opens the file of the path again, after it was renamed (by logrotate, for one). When that fails, lines go on to
    /// the old file.
    public func reopen() throws(LogFileError) {
        let descriptor = try openFile(path, permissions)
        state.withLock { state in
            let old = state.writer
            let isTorn = old.isTorn && isSameFile(old.descriptor, descriptor)
            state.writer = DescriptorWriter(descriptor, isTorn: isTorn)
            close(old.descriptor)
        }
    }

    /// Appends the lines.
    ///
    /// - Throws: ``LogSinkError/failed(_:writtenBytes:)`` with what the system said.
    public func write(_ lines: LogLines) throws(LogSinkError) {
        let (error, isNews) = state.withLock { state in attempt(lines, &state) }
        if isNews { tell(message(about: error)) }
        if let error { throw error }
    }

    /// The error if there was one, and whether it is otherwise than the last time.
    private func attempt(_ lines: LogLines, _ state: inout State) -> (LogSinkError?, isNews: Bool) {
        let wasFailing = state.isFailing
        do {
            try state.writer.write(lines.bytes)
            state.isFailing = false
            return (nil, wasFailing)
        } catch {
            state.isFailing = true
            return (error, !wasFailing)
        }
    }

    private func message(about error: LogSinkError?) -> String {
        guard case .failed(let reason, _) = error else { return "The log file \(path) can be written again." }
        return "The log file \(path) cannot be written: \(reason)."
    }
}

private func openFile(_ path: String, _ permissions: UInt32) throws(LogFileError) -> CInt {
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY
    while true {
        let descriptor = open(path, flags, mode_t(truncatingIfNeeded: permissions))
        if descriptor >= 0 { return descriptor }
        if errno != EINTR { throw LogFileError(path: path, errorNumber: errno) }
    }
}

private func isSameFile(_ first: CInt, _ second: CInt) -> Bool {
    var (one, other) = (stat(), stat())
    guard fstat(first, &one) == 0, fstat(second, &other) == 0 else { return false }
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino
}

private func tellStandardError(_ message: String) {
    var line = Array(message.utf8)
    line.append(UInt8(ascii: "\n"))
    line.withUnsafeBytes { bytes in
        try? StandardStreamSink.standardError.write(LogLines(bytes: bytes, count: 1, level: .error))
    }
}
