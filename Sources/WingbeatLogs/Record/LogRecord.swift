// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging
public import WingbeatModel

/// What every line tells, beside its pairs.
public struct LogRecord: Sendable {
    /// When it was logged, in nanoseconds since 1970.
    public let nanoseconds: UInt64
    /// How much it matters.
    public let level: Logger.Level
    /// The label of the logger.
    public let label: String
    /// What was said.
    public let message: String
    /// The ids of the current span, if there is one.
    public let span: LogSpan?
    /// Where in the program it was logged, as `#fileID` has it: `Module/File.swift`.
    public let file: String
    /// The line in the file.
    public let line: UInt

    /// A record of its parts.
    public init(
        nanoseconds: UInt64,
        level: Logger.Level,
        label: String,
        message: String,
        span: LogSpan? = nil,
        file: String = "",
        line: UInt = 0
    ) {
        self.nanoseconds = nanoseconds
        self.level = level
        self.label = label
        self.message = message
        self.span = span
        self.file = file
        self.line = line
    }
}

/// The ids of a span, which join a line to its trace.
public struct LogSpan: Hashable, Sendable {
    /// The trace.
    public let traceID: TraceID
    /// The span in it.
    public let spanID: SpanID

    /// The ids of a context.
    public init(_ context: TraceContext) {
        traceID = context.traceID
        spanID = context.spanID
    }

    /// The ids of the current task, if it runs in a trace.
    static var current: LogSpan? { TraceContext.current.map(LogSpan.init) }
}
