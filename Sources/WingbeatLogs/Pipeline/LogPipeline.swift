// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging
public import Synchronization
import WingbeatModel

/// Where the lines of all loggers go. What becomes of them can be exchanged while loggers use it.
public final class LogPipeline: Sendable {
    @usableFromInline let rank: Atomic<UInt8>
    private let current: Atomic<Unmanaged<LogRoute>>
    /// Every configuration that ever was: a logger may still write through one that was replaced.
    private let all: Mutex<[LogRoute]>
    private let counts = LogCounts()

    /// A pipeline with a configuration.
    public init(_ configuration: LogConfiguration) {
        let route = LogRoute(configuration)
        rank = Atomic(configuration.level.rank)
        current = Atomic(Unmanaged.passUnretained(route))
        all = Mutex([route])
    }

    /// A pipeline with one output.
    public convenience init(
        encoder: any LogEncoder = LogfmtEncoder(),
        sink: any LogSink = StandardStreamSink.standardError,
        level: Logger.Level = .info
    ) {
        self.init(LogConfiguration(encoder: encoder, sink: sink, level: level))
    }

    /// Exchanges everything. Loggers that exist write through the new outputs from their next line on. What waits in
    /// the old ones is flushed. The old outputs are kept in memory until the pipeline ends.
    public func replace(_ configuration: LogConfiguration) {
        let route = LogRoute(configuration)
        let old = all.withLock { routes in
            routes.append(route)
            current.store(Unmanaged.passUnretained(route), ordering: .releasing)
            return routes.dropLast().last
        }
        level = configuration.level
        old?.flush()
    }

    /// Lines below it are not written, unless their logger was given a level of its own. May be set at any time.
    public var level: Logger.Level {
        get { Logger.Level(rank: rank.load(ordering: .relaxed)) ?? .critical }
        set { rank.store(newValue.rank, ordering: .relaxed) }
    }

    /// Waits until every line is written, for no longer than each sink's own limit.
    public func flush() { current.load(ordering: .acquiring).takeUnretainedValue().flush() }

    /// Opens the files of all sinks anew, after they were renamed.
    ///
    /// - Throws: ``LogFileError`` when one cannot be opened; its lines go on to the old file.
    public func reopen() throws(LogFileError) {
        try current.load(ordering: .acquiring).takeUnretainedValue().reopen()
    }

    /// What was done so far.
    public var totals: LogTotals {
        var totals = counts.totals
        totals.failed += all.withLock { lostLines(of: $0.flatMap(\.sinks)) }
        return totals
    }

    /// A sink counts once, in however many outputs it is and was.
    private func lostLines(of sinks: [any LogSink]) -> UInt64 {
        var known: Set<ObjectIdentifier> = []
        return sinks.reduce(0) { sum, sink in
            let isNew = !(type(of: sink) is AnyClass) || known.insert(ObjectIdentifier(sink as AnyObject)).inserted
            return isNew ? sum + sink.lostLines : sum
        }
    }

    /// Writes a line to each output, on the caller's thread, unless it is sampled away.
    ///
    /// - Parameter pairs: gives the line's pairs to a writer; called for each output that the line goes to.
    @inline(__always)
    package func write(_ record: borrowing LogRecord, _ pairs: (inout LogPairWriter) -> Void) {
        current.load(ordering: .acquiring)._withUnsafeGuaranteedRef { route in
            if route.isSampling, !route.admits(record) { return counts.countSampled() }
            counts.countLine(record.level)
            for index in 0..<route.outputs.count { write(record, to: route.outputs[index], pairs) }
        }
    }

    @inline(__always)
    private func write(
        _ record: borrowing LogRecord,
        to output: Unmanaged<LogRouteOutput>,
        _ pairs: (inout LogPairWriter) -> Void
    ) {
        guard output._withUnsafeGuaranteedRef({ $0.level }) <= record.level else { return }
        var writer = LogPairWriter(output, record)
        pairs(&writer)
        writer.end()
        writer.line.withBytes { bytes in
            output._withUnsafeGuaranteedRef {
                write(LogLines(bytes: bytes, count: 1, level: record.level), to: $0.sink)
            }
        }
    }

    @inline(__always)
    private func write(_ lines: LogLines, to sink: any LogSink) {
        do throws(LogSinkError) {
            try sink.write(lines)
            counts.countBytes(lines.bytes.count)
        } catch {
            counts.count(lines.count, error)
        }
    }
}
