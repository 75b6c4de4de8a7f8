// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging
public import WingbeatModel

/// The name of a pair: a literal, or a text that says that it is not one.
///
/// Names should be few and known in advance, for log stores index them.
public struct LogKey: Sendable, ExpressibleByStringLiteral {
    /// The name.
    public let text: String

    /// A name that is not a literal.
    @inlinable
    public init(_ text: String) { self.text = text }

    /// A name.
    @inlinable
    public init(stringLiteral text: String) { self.text = text }
}

/// A key and its value.
public struct LogPair: Sendable {
    /// The name.
    public let key: LogKey
    /// The value.
    public let value: LogValue

    /// A pair of its parts.
    @inlinable
    public init(_ key: LogKey, _ value: LogValue) {
        self.key = key
        self.value = value
    }

    /// A pair of a key and what can be a value.
    @inlinable
    public init(_ pair: (LogKey, some LogValueConvertible)) {
        key = pair.0
        value = pair.1.logValue
    }
}

/// One line to be: everything that an encoder may show.
public struct LogRecord {
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
    /// The pairs in the order in which they are written: of a context first, then the line's own. What is sensitive
    /// has been replaced. Valid only during the call that the record is given to.
    public let pairs: UnsafeBufferPointer<LogPair>

    /// A record of its parts.
    public init(
        nanoseconds: UInt64,
        level: Logger.Level,
        label: String,
        message: String,
        span: LogSpan? = nil,
        file: String = "",
        line: UInt = 0,
        pairs: UnsafeBufferPointer<LogPair>
    ) {
        self.nanoseconds = nanoseconds
        self.level = level
        self.label = label
        self.message = message
        self.span = span
        self.file = file
        self.line = line
        self.pairs = pairs
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
