// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging
public import WingbeatModel

/// One line to be: everything an encoder may show.
public struct LogRecord: Sendable {
    /// When it was logged, in nanoseconds since 1970.
    public var nanoseconds: UInt64
    /// How much it matters.
    public var level: Logger.Level
    /// The label of the logger.
    public var label: String
    /// What was said.
    public var message: String
    /// The trace of the task that logged, if it had one.
    public var trace: TraceContext?
    /// The pairs, sorted by key; each key once.
    public var metadata: [(key: String, value: Logger.Metadata.Value)]

    /// A record of its parts.
    public init(
        nanoseconds: UInt64,
        level: Logger.Level,
        label: String,
        message: String,
        trace: TraceContext? = nil,
        metadata: Logger.Metadata = [:]
    ) {
        self.nanoseconds = nanoseconds
        self.level = level
        self.label = label
        self.message = message
        self.trace = trace
        self.metadata = metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

extension LogRecord {
    /// True for a key that encoders write themselves: a pair with it is left out, so that none can pass for another.
    func isFixed(_ key: String) -> Bool {
        switch key {
        case "ts", "level", "logger", "msg": true
        case "trace_id", "span_id": trace != nil
        default: false
        }
    }
}

/// Writes a record as bytes. An encoder is a value without state: many threads use it at once.
public protocol LogEncoder: Sendable {
    /// Appends the record as exactly one line, its newline included.
    func encode(_ record: LogRecord, into bytes: inout [UInt8])
}
