// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Writes lines to the first of several sinks that takes them.
///
/// Each time it begins with the first one again. When a sink fails in the middle, the next one gets the lines from the
/// first that was not wholly written on, so that no line is lost or written twice as a whole.
///
/// A ``BufferedSink`` takes lines before it knows whether they can be written: put the failover into the buffer, not
/// buffers into the failover.
public final class FailoverSink: LogSink {
    private let sinks: [any LogSink]

    /// A sink of several, the preferred one first.
    public init(_ sinks: [any LogSink]) {
        self.sinks = sinks
    }

    /// Writes the lines.
    ///
    /// - Throws: The error of the last sink when none took all lines; its number of written bytes is that of all sinks.
    public func write(_ lines: LogLines) throws(LogSinkError) {
        var rest = lines
        var last = LogSinkError.failed("there is no sink", writtenBytes: 0)
        for sink in sinks {
            do {
                return try sink.write(rest)
            } catch {
                last = error.after(writtenBytes: lines.bytes.count - rest.bytes.count)
                rest = rest.unwritten(after: error)
            }
        }
        throw last
    }

    /// Flushes all of them, one after the other.
    public func flush() {
        for sink in sinks { sink.flush() }
    }

    /// What all of them lost.
    public var lostLines: UInt64 { sinks.reduce(0) { $0 + $1.lostLines } }
}

extension LogSinkError {
    /// The error of an attempt before which so many bytes had already been written.
    fileprivate func after(writtenBytes earlier: Int) -> LogSinkError {
        switch self {
        case .full where earlier > 0: .failed("there is no room", writtenBytes: earlier)
        case .full: .full
        case .failed(let reason, let writtenBytes): .failed(reason, writtenBytes: earlier + writtenBytes)
        }
    }
}
