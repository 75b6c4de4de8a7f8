// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Writes records as bytes: first what every line tells, then pair after pair, then the end.
///
/// An encoder is a value without state, for many threads use it at once.
public protocol LogEncoder: Sendable {
    /// Appends what the record tells.
    func begin(_ record: borrowing LogRecord, in line: inout LogLine)

    /// Appends a pair. What must not be read has been replaced already.
    func append(_ key: LogKey, _ value: consuming LogValue, to line: inout LogLine)

    /// Appends what makes the bytes exactly one line, its newline included.
    func end(_ line: inout LogLine)
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

    /// Only the level and the message.
    public static let fewest = {
        var fields = LogFields()
        fields.time = nil
        fields.logger = false
        return fields
    }()

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

    /// Whether a key belongs to one of these facts. A pair with it is written as `fields.level`, so that it can
    /// neither pass for the fact nor be lost.
    @inline(__always)
    func isTaken(_ key: LogKey, in line: borrowing LogLine) -> Bool {
        switch key.utf8.count {
        case 2: time != nil && key.equals("ts")
        case 3: key.equals("msg")
        case 5: key.equals("level")
        case 6: (logger && key.equals("logger")) || (caller && key.equals("caller"))
        case 7: line.hasSpan && key.equals("span_id")
        case 8: line.hasSpan && key.equals("trace_id")
        default: false
        }
    }
}

extension LogKey {
    /// - Parameter literal: of the same length.
    @inline(__always)
    fileprivate func equals(_ literal: StaticString) -> Bool {
        guard utf8[0] == literal.utf8Start[0] else { return false }
        return (1..<utf8.count).allSatisfy { utf8[$0] == literal.utf8Start[$0] }
    }
}
