// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging

/// Writes `ts=… level=info logger=checkout msg="order placed" trace_id=… span_id=… id=42`.
///
/// Quoting and escaping are those of go-logfmt 0.6.1: a value is quoted when it holds a control character, a space,
/// `=`, `"`, DEL or U+FFFD, or when it is the word `null`; an empty value has nothing after its `=`. Beyond that, the
/// control characters of Latin-1 and the line separators U+2028 and U+2029 are escaped, so that no value speaks to a
/// terminal or ends a line. In keys all these are left out; a key of which nothing remains is `_`. Numbers look as Go
/// prints them. Keys may occur twice. A pair with the key of one of the facts before it is written as `fields.level`.
///
/// A nested dictionary becomes pairs with dotted keys; a list becomes JSON text.
public struct LogfmtEncoder: LogEncoder {
    /// Which facts are shown.
    public let fields: LogFields

    /// An encoder that shows these facts.
    public init(fields: LogFields = LogFields()) {
        self.fields = fields
    }

    /// Appends `ts=… level=info logger=checkout msg="order placed" trace_id=… span_id=…`.
    @inline(__always)
    public func begin(_ record: borrowing LogRecord, in line: inout LogLine) {
        if let precision = fields.time {
            line.append("ts=")
            line.append(rfc3339: record.nanoseconds, precision)
            line.append(" level=")
        } else {
            line.append("level=")
        }
        line.append(record.level.literal)
        if fields.logger { line.append(" logger=", logfmt: record.label) }
        if fields.caller { line.append(callerOf: record) }
        line.append(" msg=")
        line.append(logfmtMessage: record.message)
        if let span = record.span { line.append(span) }
    }

    /// Appends ` id=42`.
    @inline(__always)
    public func append(_ key: LogKey, _ value: consuming LogValue, to line: inout LogLine) {
        if value.isNested { return appendNested(key, value, to: &line) }
        append(key, to: &line)
        line.append(logfmt: value)
    }

    /// Appends a pair of which somebody writes the value.
    @inline(__always)
    func append(_ key: LogKey, to line: inout LogLine, _ value: (inout LogLine) -> Void) {
        append(key, to: &line)
        value(&line)
    }

    /// Appends a newline.
    public func end(_ line: inout LogLine) {
        line.append(UInt8(ascii: "\n"))
    }

    @inline(__always)
    private func append(_ key: LogKey, to line: inout LogLine) {
        if fields.isTaken(key, in: line) || !line.append(UInt8(ascii: " "), logfmtKey: key.utf8) {
            appendCleaned(key, to: &line)
        }
    }

    @inline(never)
    private func appendCleaned(_ key: LogKey, to line: inout LogLine) {
        key.utf8.cleanedKey.withUnsafeBufferPointer { key in
            line.append(fields.isTaken(LogKey(key), in: line) ? " fields." : " ")
            line.append(key)
            line.append(UInt8(ascii: "="))
        }
    }

    @inline(never)
    private func appendNested(_ key: LogKey, _ value: LogValue, to line: inout LogLine) {
        if case .nested(let value) = value { append(key, value, to: &line) }
    }

    private func append(_ key: LogKey, _ value: Logger.MetadataValue, to line: inout LogLine) {
        switch value {
        case .dictionary(let pairs) where !pairs.isEmpty:
            for (name, value) in pairs.sorted(by: { $0.key < $1.key }) {
                let dotted = Array(key.utf8) + [UInt8(ascii: ".")] + Array(name.utf8)
                dotted.withUnsafeBufferPointer { append(LogKey($0), value, to: &line) }
            }
        case .array, .dictionary:
            append(key, to: &line)
            line.append(logfmtJSON: value)
        case .string, .stringConvertible:
            append(key, to: &line)
            line.append(logfmt: value.logValue)
        }
    }
}

extension LogValue {
    fileprivate var isNested: Bool {
        @inline(__always) get {
            if case .nested = self { true } else { false }
        }
    }
}

extension LogLine {
    @inline(__always)
    fileprivate mutating func append(_ key: StaticString, logfmt text: String) {
        append(key)
        append(logfmt: text)
    }

    fileprivate mutating func append(_ span: LogSpan) {
        hasSpan = true
        append(" trace_id=")
        append(span.traceID)
        append(" span_id=")
        append(hex: span.spanID.value)
    }

    fileprivate mutating func append(callerOf record: borrowing LogRecord) {
        append(" caller=")
        append(caller: record)
    }

    /// Appends the value of a logfmt pair; a list or a dictionary as JSON text.
    @inline(__always)
    public mutating func append(logfmt value: consuming LogValue) {
        switch value {
        case .text(let text), .sensitive(let text): append(logfmt: text)
        case .integer(let number): append(decimal: number)
        case .double(let number) where number.isFinite: append(finite: number, .go)
        case .double(let number): append(notFinite: number)
        case .bool(let truth): append(truth ? "true" : "false")
        case .null: append("null")
        case .unsigned(let number): append(decimal: number)
        case .float(let number) where number.isFinite: append(finite: number, .go)
        case .float(let number): append(notFinite: Double(number))
        case .bytes(let bytes): bytes.withUnsafeBufferPointer { append(logfmtValue: $0) }
        case .nested(let value): append(logfmtJSON: value)
        }
    }

    /// Appends the JSON text of a list or a dictionary as a value.
    fileprivate mutating func append(logfmtJSON value: Logger.MetadataValue) {
        var json = LogLine()
        json.append(json: value)
        json.withBytes { append(logfmtValue: $0.bindMemory(to: UInt8.self)) }
    }

    /// Appends a text as the value of a logfmt pair, quoted and escaped where it has to be.
    @inline(never)
    public mutating func append(logfmt text: String) {
        text.withBytes { append(logfmtValue: $0) }
    }
}
