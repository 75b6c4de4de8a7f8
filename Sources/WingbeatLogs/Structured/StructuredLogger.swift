// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging
public import Synchronization
import WingbeatModel

/// Logs a message and pairs without building a dictionary or a text on the way:
///
/// ```swift
/// log.info("order placed", ("id", id), ("total", total))
/// ```
///
/// When the level is off, neither the message nor the pairs are evaluated. The pairs are written in their order. It
/// goes through the same ``LogPipeline`` as swift-log's loggers, with the same ids of the current trace.
public struct StructuredLogger: Sendable {
    @usableFromInline let core: Core

    /// A logger with a label.
    ///
    /// - Parameters:
    ///   - label: shown as `logger`.
    ///   - pipeline: where lines go.
    ///   - metadataProvider: asked for pairs at each line; they stand sorted before all others.
    public init(label: String, pipeline: LogPipeline, metadataProvider: Logger.MetadataProvider? = nil) {
        core = Core(pipeline, label, metadataProvider, LogContext(), nil)
    }

    init(_ core: Core) {
        self.core = core
    }

    /// Details that only who looks for a fault wants to read.
    @inlinable public var trace: LeveledLogger { LeveledLogger(core, .trace) }
    /// What helps to find a fault.
    @inlinable public var debug: LeveledLogger { LeveledLogger(core, .debug) }
    /// What happens in the course of things.
    @inlinable public var info: LeveledLogger { LeveledLogger(core, .info) }
    /// What happens in the course of things, but seldom.
    @inlinable public var notice: LeveledLogger { LeveledLogger(core, .notice) }
    /// What may become an error.
    @inlinable public var warning: LeveledLogger { LeveledLogger(core, .warning) }
    /// What went wrong.
    @inlinable public var error: LeveledLogger { LeveledLogger(core, .error) }
    /// What somebody must see to at once.
    @inlinable public var critical: LeveledLogger { LeveledLogger(core, .critical) }

    /// A level that is known only when the program runs.
    @inlinable
    public func at(_ level: Logger.Level) -> LeveledLogger { LeveledLogger(core, level) }

    /// A logger that adds pairs to each of its lines:
    ///
    /// ```swift
    /// let log = log.with(("request", id), ("user", user))
    /// ```
    ///
    /// - Parameters:
    ///   - pairs: evaluated now, once.
    ///   - position: where they stand; by default after the context so far and before the line's own pairs.
    public func with<each Value: LogValueConvertible>(
        _ pairs: repeat (LogKey, each Value),
        at position: LogContextPosition = .context
    ) -> StructuredLogger {
        var known: [LogContext.Pair] = []
        for (key, value) in repeat each pairs { known.append(LogContext.Pair(key: key.text, value: value.logValue)) }
        return StructuredLogger(core.adding(known, at: position))
    }

    /// A logger that adds a pair to each of its lines, whose value is asked for at each: `log.with("queued") { queue.count }`.
    public func with(
        _ key: LogKey,
        at position: LogContextPosition = .context,
        _ value: @escaping @Sendable () -> some LogValueConvertible & SendableMetatype
    ) -> StructuredLogger {
        let asked = LogContext.Pair(key: key.text, value: .null, ask: { value().logValue })
        return StructuredLogger(core.adding([asked], at: position))
    }

    /// Lines below it are not written. It is the pipeline's, whenever that changes, until it is set.
    public var level: Logger.Level {
        get { core.ownLevel ?? core.pipeline.level }
        set { self = StructuredLogger(Core(core.pipeline, core.label, core.provider, core.context, newValue)) }
    }

    /// What all copies of a logger share.
    @usableFromInline
    final class Core: Sendable {
        @usableFromInline let pipeline: LogPipeline
        /// Of the level that was set; ``followsPipeline`` while there is none.
        @usableFromInline let ownRank: UInt8
        let label: String
        let provider: Logger.MetadataProvider?
        let context: LogContext
        /// Whether lines have no pairs but their own.
        private let isPlain: Bool

        init(
            _ pipeline: LogPipeline,
            _ label: String,
            _ provider: Logger.MetadataProvider?,
            _ context: LogContext,
            _ ownLevel: Logger.Level?
        ) {
            self.pipeline = pipeline
            self.label = label
            self.provider = provider
            self.context = context
            isPlain = provider == nil && context.isEmpty
            ownRank = ownLevel?.rank ?? followsPipeline
        }

        var ownLevel: Logger.Level? { Logger.Level(rank: ownRank) }

        func adding(_ pairs: [LogContext.Pair], at position: LogContextPosition) -> Core {
            var context = context
            context.add(pairs, at: position)
            return Core(pipeline, label, provider, context, ownLevel)
        }

        @inlinable
        @inline(__always)
        func isEnabled(_ level: Logger.Level) -> Bool {
            let least = ownRank == followsPipeline ? pipeline.rank.load(ordering: .relaxed) : ownRank
            return level.rank >= least
        }

        /// - Parameter pairs: gives the line's own pairs to a writer; called for each output that the line goes to.
        @usableFromInline
        func log(
            _ level: Logger.Level,
            _ message: consuming String,
            _ file: consuming String,
            _ line: UInt,
            _ pairs: (inout LogPairWriter) -> Void
        ) {
            let record = LogRecord(
                nanoseconds: unixNanoseconds(),
                level: level,
                label: label,
                message: message,
                span: .current,
                file: file,
                line: line
            )
            if isPlain { pipeline.write(record, pairs) } else { writeInContext(record, pairs) }
        }

        private func writeInContext(_ record: borrowing LogRecord, _ pairs: (inout LogPairWriter) -> Void) {
            let provided = provider?.get() ?? [:]
            let context = context.asked
            SortedMetadata.with(capacity: provided.count) { list in
                list.insert(provided)
                pipeline.write(record) { writer in
                    list.write(to: &writer)
                    writer.append(context.before)
                    pairs(&writer)
                    writer.append(context.after)
                }
            }
        }
    }
}

@usableFromInline let followsPipeline: UInt8 = .max
