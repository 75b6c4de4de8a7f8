// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Writes a record as bytes. An encoder is a value without state: many threads use it at once.
public protocol LogEncoder: Sendable {
    /// Appends the record as exactly one line, its newline included.
    func encode(_ record: LogRecord, into line: inout LogLine)
}

/// Which of the facts that every line has are shown.
public struct LogFields: Hashable, Sendable {
    /// How exact the time is; nil leaves it out. In RFC 3339, UTC.
    public var time: TimePrecision? = .nanoseconds
    /// Whether the label of the logger is shown.
    public var logger = true
    /// Whether `caller=File.swift:42` is shown.
    public var caller = false

    /// The defaults.
    public init() {}

    /// Digits after the second.
    public enum TimePrecision: Int, Hashable, Sendable {
        /// `03:04:05Z`
        case seconds = 0
        /// `03:04:05.123Z`
        case milliseconds = 3
        /// `03:04:05.123456Z`
        case microseconds = 6
        /// `03:04:05.123456789Z`
        case nanoseconds = 9
    }

    /// The keys that belong to these facts. A pair with one of them is written as `fields.level`, so that it can
    /// neither pass for the fact nor be lost.
    func isTaken(_ key: UnsafeBufferPointer<UInt8>, by record: LogRecord) -> Bool {
        switch key.count {
        case 2: time != nil && key.equals("ts")
        case 3: key.equals("msg")
        case 5: key.equals("level")
        case 6: (logger && key.equals("logger")) || (caller && key.equals("caller"))
        case 7: record.span != nil && key.equals("span_id")
        case 8: record.span != nil && key.equals("trace_id")
        default: false
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// - Parameter literal: of the same length.
    fileprivate func equals(_ literal: StaticString) -> Bool {
        guard let baseAddress else { return false }
        return (0..<count).allSatisfy { baseAddress[$0] == literal.utf8Start[$0] }
    }
}
