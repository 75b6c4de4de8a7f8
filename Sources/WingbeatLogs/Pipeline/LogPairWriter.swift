// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging

/// Gives the pairs of a line to an encoder. What must not be read is replaced on the way.
public struct LogPairWriter: ~Copyable {
    private let output: Unmanaged<LogRouteOutput>
    private let format: LogRouteOutput.Format
    private(set) var line = LogLine()

    @inline(__always)
    init(_ output: Unmanaged<LogRouteOutput>, _ record: borrowing LogRecord) {
        self.output = output
        format = output._withUnsafeGuaranteedRef { $0.format }
        switch format.kind {
        case .logfmt: LogfmtEncoder(fields: format.fields).begin(record, in: &line)
        case .json: JSONLinesEncoder(fields: format.fields).begin(record, in: &line)
        case .other: output.takeUnretainedValue().begin(record, in: &line)
        }
    }

    /// Appends a pair.
    public mutating func append(_ key: LogKey, _ value: consuming LogValue) {
        if format.looksAtKeys || value.mayHide { return appendThroughOutput(key, value) }
        switch format.kind {
        case .logfmt: LogfmtEncoder(fields: format.fields).append(key, value, to: &line)
        case .json: JSONLinesEncoder(fields: format.fields).append(key, value, to: &line)
        case .other: appendThroughOutput(key, value)
        }
    }

    /// Appends a pair whose value is text.
    public mutating func append(_ key: LogKey, text: String) {
        switch format.fastKind {
        case .logfmt: LogfmtEncoder(fields: format.fields).append(key, to: &line) { $0.append(logfmt: text) }
        case .json: JSONLinesEncoder(fields: format.fields).append(key, to: &line) { $0.append(json: text) }
        case .other: appendThroughOutput(key, .text(text))
        }
    }

    /// Appends a pair whose value is a whole number.
    public mutating func append(_ key: LogKey, integer: Int64) {
        switch format.fastKind {
        case .logfmt: LogfmtEncoder(fields: format.fields).append(key, to: &line) { $0.append(decimal: integer) }
        case .json: JSONLinesEncoder(fields: format.fields).append(key, to: &line) { $0.append(decimal: integer) }
        case .other: appendThroughOutput(key, .integer(integer))
        }
    }

    /// Appends a pair whose value is a floating-point number, infinities and NaN included.
    public mutating func append(_ key: LogKey, double: Double) {
        guard double.isFinite else { return append(key, .double(double)) }
        switch format.fastKind {
        case .logfmt: LogfmtEncoder(fields: format.fields).append(key, to: &line) { $0.append(finite: double, .go) }
        case .json: JSONLinesEncoder(fields: format.fields).append(key, to: &line) { $0.append(finite: double, .json) }
        case .other: appendThroughOutput(key, .double(double))
        }
    }

    /// Appends pairs.
    @usableFromInline
    package mutating func append(_ pairs: [(key: String, value: LogValue)]) {
        for pair in pairs { pair.key.withBytes { append(LogKey($0), pair.value) } }
    }

    @inline(never)
    private mutating func appendThroughOutput(_ key: LogKey, _ value: LogValue) {
        output.takeUnretainedValue().append(key, value, to: &line)
    }

    @inline(__always)
    mutating func end() {
        switch format.kind {
        case .logfmt: LogfmtEncoder(fields: format.fields).end(&line)
        case .json: JSONLinesEncoder(fields: format.fields).end(&line)
        case .other: output.takeUnretainedValue().end(&line)
        }
    }
}
