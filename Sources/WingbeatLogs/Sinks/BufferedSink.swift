// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Takes lines at the speed of memory; one thread of its own writes them to another sink, many at a time.
///
/// Lines wait for at most ``Configuration/interval``, or until 64 KiB are together. Lines of
/// ``Configuration/flushLevel`` and above are handed to the other sink, with all before them, before ``write(_:)``
/// returns. What waits is written at the end of the process (`exit`, or the end of `main`) and when the last reference
/// to the sink goes. Each of these waits for at most ``Configuration/flushTimeout``; once one was in vain, lines of the
/// flush level do not wait until the other sink has taken something again. Where there is no room, they are dropped
/// like all others, unless lines are to wait (``FullPolicy/block``).
///
/// A process that is killed, or that crashes, loses the lines that wait. Lines that the other sink then does not take
/// count as ``lostLines``. In a child of `fork` that goes on without `exec`, the thread is missing: make a new sink.
public final class BufferedSink: LogSink {
    /// Lines to standard error, through a buffer that the whole process shares.
    public static let standardError = BufferedSink(to: StandardStreamSink.standardError)
    /// Lines to standard output, through a buffer that the whole process shares.
    public static let standardOutput = BufferedSink(to: StandardStreamSink.standardOutput)

    private let buffer: LineBuffer
    private let sink: any LogSink

    /// A buffer in front of a sink. The thread and the memory are taken when the first line comes.
    public init(to sink: any LogSink, configuration: Configuration = Configuration()) {
        self.sink = sink
        buffer = LineBuffer(sink: sink, configuration: configuration)
    }

    deinit {
        buffer.close()
    }

    /// Takes the lines.
    ///
    /// - Throws: ``LogSinkError/full`` when there is no room and it is not to wait, and
    ///   ``LogSinkError/failed(_:writtenBytes:)`` for lines larger than the whole buffer and without a thread.
    public func write(_ lines: LogLines) throws(LogSinkError) {
        try buffer.append(lines)
    }

    /// Hands all lines to the other sink and flushes it; waits for at most ``Configuration/flushTimeout``, and as long
    /// again as the other sink waits.
    public func flush() {
        buffer.flush()
    }

    /// Writes what waits and opens the other sink's files anew.
    public func reopen() throws(LogFileError) {
        flush()
        try sink.reopen()
    }

    /// The lines that were taken and that the other sink did not take or lost.
    public var lostLines: UInt64 { buffer.lostLines }
}
