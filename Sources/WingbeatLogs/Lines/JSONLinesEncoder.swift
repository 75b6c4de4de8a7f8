// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging

/// Writes each record as one JSON object on one line: `ts`, `level`, `logger`, `msg`, `trace_id`, `span_id`, then the
/// pairs in their order.
///
/// Numbers and truth values are kept as such; a number that JSON cannot say (NaN, an infinity) is a string. Of pairs
/// with the same key only the last one is written; one whose key stands behind 32 others already is not taken out. A
/// pair with the key of one of the facts is written as `fields.level`. Nothing is escaped for HTML: `<`, `>` and `&`
/// stay; control characters are, also those of Latin-1, DEL, and the line separators U+2028 and U+2029.
public struct JSONLinesEncoder: LogEncoder {
    /// Which facts are shown.
    public let fields: LogFields

    /// An encoder that shows these facts.
    public init(fields: LogFields = LogFields()) {
        self.fields = fields
    }

    /// Appends `{"ts":"…","level":"info","logger":"checkout","msg":"order placed","trace_id":"…","span_id":"…",`.
    @inline(__always)
    public func begin(_ record: borrowing LogRecord, in line: inout LogLine) {
        line.forgetPairs()
        if let precision = fields.time {
            line.append("{\"ts\":\"")
            line.append(rfc3339: record.nanoseconds, precision)
            line.append("\",\"level\":\"")
        } else {
            line.append("{\"level\":\"")
        }
        line.append(record.level.literal)
        line.append("\",")
        if fields.logger { line.append("\"logger\":", json: record.label) }
        if fields.caller { line.append(callerOf: record) }
        line.append("\"msg\":", json: record.message)
        if let span = record.span { line.append(span) }
    }

    /// Appends `"id":42,`.
    @inline(__always)
    public func append(_ key: LogKey, _ value: consuming LogValue, to line: inout LogLine) {
        append(key, to: &line)
        line.append(json: value)
        line.append(UInt8(ascii: ","))
    }

    /// Appends a pair of which somebody writes the value.
    @inline(__always)
    func append(_ key: LogKey, to line: inout LogLine, _ value: (inout LogLine) -> Void) {
        append(key, to: &line)
        value(&line)
        line.append(UInt8(ascii: ","))
    }

    @inline(__always)
    private func append(_ key: LogKey, to line: inout LogLine) {
        let start = line.count
        line.append(UInt8(ascii: "\""))
        if fields.isTaken(key, in: line) { line.append("fields.") }
        line.append(jsonEscaped: key.utf8)
        line.append("\":")
        line.beginPair(from: start)
    }

    /// Appends `}` and a newline.
    public func end(_ line: inout LogLine) {
        line.removeLast()
        line.append("}\n")
    }
}

extension LogLine {
    fileprivate mutating func append(_ span: LogSpan) {
        hasSpan = true
        append("\"trace_id\":\"")
        append(span.traceID)
        append("\",\"span_id\":\"")
        append(hex: span.spanID.value)
        append("\",")
    }

    fileprivate mutating func append(callerOf record: borrowing LogRecord) {
        append("\"caller\":\"")
        append(caller: record)
        append("\",")
    }

    @inline(__always)
    fileprivate mutating func append(_ key: StaticString, json text: String) {
        append(key)
        append(json: text)
        append(UInt8(ascii: ","))
    }
}
