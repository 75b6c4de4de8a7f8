// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging

/// What becomes of the lines of a service: which are written, how, and where.
public struct LogConfiguration: Sendable {
    /// Lines below it are not written. It can be changed while the service runs: ``LogPipeline/level``.
    public var level: Logger.Level = .info
    /// Where lines go. Each output may have its own format and its own level.
    public var outputs: [LogOutput]
    /// Which of many equal messages are written; nil writes all.
    public var sampling: LogSampling?
    /// What must not be read.
    public var redaction = LogRedaction()

    /// One output.
    public init(
        encoder: any LogEncoder = LogfmtEncoder(),
        sink: any LogSink = StandardStreamSink.standardError,
        level: Logger.Level = .info
    ) {
        outputs = [LogOutput(encoder: encoder, sink: sink)]
        self.level = level
    }

    /// Several outputs, each with its own format and level; none writes nothing.
    public init(outputs: [LogOutput], level: Logger.Level = .info) {
        self.outputs = outputs
        self.level = level
    }
}

/// A place where lines go, and how they look there.
public struct LogOutput: Sendable {
    /// How lines look.
    public var encoder: any LogEncoder
    /// Where they go.
    public var sink: any LogSink
    /// Lines below it do not go here, beside what ``LogConfiguration/level`` keeps back.
    public var level: Logger.Level

    /// An output of its parts.
    public init(
        encoder: any LogEncoder = LogfmtEncoder(),
        sink: any LogSink = StandardStreamSink.standardError,
        level: Logger.Level = .trace
    ) {
        self.encoder = encoder
        self.sink = sink
        self.level = level
    }
}

/// Writes the first lines with the same level and message in each interval, and of the others only some.
///
/// Messages are told apart by a hash of 4,096 values: two that share one are counted together.
public struct LogSampling: Hashable, Sendable {
    /// How many lines are written at first.
    public var first: Int
    /// After these, one in so many is written; 0 writes none.
    public var thereafter: Int
    /// How long until counting begins again.
    public var interval: Duration
    /// Lines above this level are always written.
    public var highestLevel: Logger.Level

    /// Of each message the first hundred a second, and then one in a hundred, up to warnings.
    public init(
        first: Int = 100,
        thereafter: Int = 100,
        interval: Duration = .seconds(1),
        highestLevel: Logger.Level = .warning
    ) {
        self.first = first
        self.thereafter = thereafter
        self.interval = interval
        self.highestLevel = highestLevel
    }
}
