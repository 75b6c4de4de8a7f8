// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging

/// Takes finished lines to where they are kept: a stream, a file, memory, another sink.
///
/// Many threads write at once; a sink keeps lines whole and, of one thread, in order.
public protocol LogSink: Sendable {
    /// Takes lines. When it returns they are written, or wait in the sink.
    ///
    /// - Throws: ``LogSinkError`` when lines are not taken; who called counts them or takes them elsewhere.
    func write(_ lines: LogLines) throws(LogSinkError)

    /// Waits until what was taken is written, for no longer than the sink's own limit.
    func flush()

    /// Opens files anew, after they were renamed.
    func reopen() throws(LogFileError)

    /// How many lines were taken and could then not be written.
    var lostLines: UInt64 { get }
}

extension LogSink {
    /// Nothing waits in a sink that writes at once.
    public func flush() {}

    /// There is no file.
    public func reopen() throws(LogFileError) {}

    /// A sink that writes at once throws instead of losing lines later.
    public var lostLines: UInt64 { 0 }
}

/// One or more whole lines on their way to a sink.
public struct LogLines {
    /// The text in UTF-8, each line with its newline. Valid only during the call that it is given to.
    public let bytes: UnsafeRawBufferPointer
    /// How many lines there are.
    public let count: Int
    /// The highest level among them.
    public let level: Logger.Level

    /// Lines of their text.
    public init(bytes: UnsafeRawBufferPointer, count: Int, level: Logger.Level) {
        self.bytes = bytes
        self.count = count
        self.level = level
    }
}

/// Why lines were not taken.
public enum LogSinkError: Error, Equatable {
    /// There is no room for them at the moment.
    case full
    /// They could not be written, for a reason in words. The first so many bytes of them were; what follows was not.
    case failed(String, writtenBytes: Int)
}
