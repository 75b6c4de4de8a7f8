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
    public func flush() { route.flush() }

    /// What was done so far.
    public var totals: LogTotals {
        var totals = counts.totals
        totals.failed += all.withLock { routes in routes.reduce(0) { $0 + $1.lostLines } }
        return totals
    }

    /// The configuration of now, which lives as long as the pipeline.
    var route: LogRoute {
        @inline(__always)
        get {
            current.load(ordering: .acquiring)._withUnsafeGuaranteedRef { $0 }
        }
    }

    /// Whether a line is written, and not sampled away.
    @inline(__always)
    func admits(_ level: Logger.Level, _ message: String, at nanoseconds: UInt64, _ route: LogRoute) -> Bool {
        guard let sampler = route.sampler, !sampler.admits(level, message, at: nanoseconds) else { return true }
        counts.countSampled()
        return false
    }

    /// Writes a line to each output, on the caller's thread.
    ///
    /// - Parameter pairs: gives the line's pairs to a writer; called for each output that the line goes to.
    @inline(__always)
    func write(_ record: LogRecord, to route: LogRoute, _ pairs: (inout PairWriter) -> Void) {
        counts.countLine(record.level)
        for index in route.outputs.indices where route.outputs[index].level <= record.level {
            write(record, to: route.outputs[index], pairs)
        }
    }

    @inline(__always)
    private func write(_ record: LogRecord, to output: LogRoute.Output, _ pairs: (inout PairWriter) -> Void) {
        var writer = PairWriter(output)
        output.encoder.begin(record, in: &writer.line)
        pairs(&writer)
        output.encoder.end(&writer.line)
        do throws(LogSinkError) {
            try output.sink.write(LogLines(bytes: writer.line.bytes, count: 1, level: record.level))
            counts.countBytes(writer.line.count)
        } catch {
            counts.count(1, error)
        }
    }
}

/// A configuration in use.
final class LogRoute: Sendable {
    let outputs: [Output]
    let sampler: Sampler?

    init(_ configuration: LogConfiguration) {
        outputs = configuration.outputs.map { Output($0, configuration.redaction) }
        sampler = configuration.sampling.map(Sampler.init)
    }

    func flush() {
        for output in outputs { output.sink.flush() }
    }

    var lostLines: UInt64 { outputs.reduce(0) { $0 + $1.sink.lostLines } }

    final class Output: Sendable {
        let encoder: any LogEncoder
        let sink: any LogSink
        let level: Logger.Level
        let redaction: LogRedaction

        init(_ output: LogOutput, _ redaction: LogRedaction) {
            encoder = output.encoder
            sink = output.sink
            level = output.level
            self.redaction = redaction
        }
    }
}

/// Gives the pairs of a line to an encoder.
@usableFromInline
struct PairWriter: ~Copyable {
    private let output: Unmanaged<LogRoute.Output>
    fileprivate(set) var line = LogLine()

    init(_ output: LogRoute.Output) {
        self.output = .passUnretained(output)
    }

    /// Appends a pair, redacted.
    @usableFromInline
    mutating func append(_ key: LogKey, _ value: LogValue) {
        output._withUnsafeGuaranteedRef { output in
            output.encoder.append(key, output.redaction.applied(to: value, of: key), to: &line)
        }
    }
}
