// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes each line to standard error or standard output with one system call, so that lines of several threads (and
/// of several processes, while they fit a pipe's buffer) never mix.
///
/// A line is lost, and counted, when the stream is closed, or full and non-blocking.
public final class StandardStreamSink: LogSink {
    /// Lines to standard error.
    public static let standardError = StandardStreamSink(descriptor: STDERR_FILENO)
    /// Lines to standard output.
    public static let standardOutput = StandardStreamSink(descriptor: STDOUT_FILENO)

    private let descriptor: CInt
    private let order = Mutex(())

    init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Writes the lines before it returns.
    public func write(_ lines: LogLines) throws(LogSinkError) {
        let isWritten = order.withLock { _ in writeAll(lines.bytes) }
        if !isWritten { throw .failed("the stream does not take it", writtenBytes: 0) }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let buffer = UnsafeRawBufferPointer(rebasing: rest)
            let written = systemWrite(descriptor, buffer.baseAddress, buffer.count)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }
}

private func systemWrite(_ descriptor: CInt, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
    guard let start else { return 0 }
    return write(descriptor, start, count)
}
