// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes lines to standard error or standard output before it returns, with one system call for each call of it, so
/// that lines of several threads (and of several processes, while they fit a pipe's buffer) never mix.
///
/// Lines are not taken when the stream is closed, when nobody reads it any more, or when it does not wait and takes
/// nothing for 100 ms; the next attempts then do not wait until it takes something again. A reader who is gone does not
/// end the process by SIGPIPE. A line that was broken off is ended before the next one.
public final class StandardStreamSink: LogSink {
    /// Lines to standard error.
    public static let standardError = StandardStreamSink(descriptor: STDERR_FILENO)
    /// Lines to standard output.
    public static let standardOutput = StandardStreamSink(descriptor: STDOUT_FILENO)

    private let writer: Guarded<DescriptorWriter>

    init(descriptor: CInt) {
        writer = Guarded(DescriptorWriter(descriptor))
    }

    /// Writes the lines.
    ///
    /// - Throws: ``LogSinkError/failed(_:writtenBytes:)`` with what the system said.
    public func write(_ lines: LogLines) throws(LogSinkError) {
        try writer.withLock { (writer) throws(LogSinkError) in try writer.write(lines.bytes) }
    }
}
