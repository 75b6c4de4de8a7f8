// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging

/// A configuration in use. Whoever writes a line goes through it without counting references.
final class LogRoute {
    let isSampling: Bool
    private let sampler: Sampler?
    let outputs: UnsafeMutableBufferPointer<Unmanaged<LogRouteOutput>>

    init(_ configuration: LogConfiguration) {
        sampler = configuration.sampling.map(Sampler.init)
        isSampling = sampler != nil
        outputs = .allocate(capacity: configuration.outputs.count)
        for (index, output) in configuration.outputs.enumerated() {
            outputs.initializeElement(at: index, to: .passRetained(LogRouteOutput(output, configuration.redaction)))
        }
    }

    deinit {
        for output in outputs { output.release() }
        outputs.deallocate()
    }

    @inline(never)
    func admits(_ record: borrowing LogRecord) -> Bool { sampler?.admits(record) ?? true }

    func flush() {
        for output in outputs { output.takeUnretainedValue().sink.flush() }
    }

    func reopen() throws(LogFileError) {
        try reopenAll(sinks)
    }

    var sinks: [any LogSink] { outputs.map { $0.takeUnretainedValue().sink } }
}

extension LogRoute: @unchecked Sendable {}

/// An output in use.
final class LogRouteOutput: Sendable {
    let sink: any LogSink
    let level: Logger.Level
    let format: Format
    private let encoder: any LogEncoder
    private let redaction: LogRedaction

    init(_ output: LogOutput, _ redaction: LogRedaction) {
        sink = output.sink
        level = output.level
        format = Format(output.encoder, looksAtKeys: !redaction.keys.isEmpty)
        encoder = output.encoder
        self.redaction = redaction
    }

    /// Our own encoders are called without asking each time which one it is.
    struct Format {
        enum Kind {
            case logfmt, json, other
        }

        let kind: Kind
        let fields: LogFields
        let looksAtKeys: Bool

        init(_ encoder: any LogEncoder, looksAtKeys: Bool) {
            self.looksAtKeys = looksAtKeys
            switch encoder {
            case let encoder as LogfmtEncoder: (kind, fields) = (.logfmt, encoder.fields)
            case let encoder as JSONLinesEncoder: (kind, fields) = (.json, encoder.fields)
            default: (kind, fields) = (.other, LogFields())
            }
        }
    }

    func begin(_ record: borrowing LogRecord, in line: inout LogLine) {
        encoder.begin(record, in: &line)
    }

    func append(_ key: LogKey, _ value: LogValue, to line: inout LogLine) {
        encoder.append(key, redaction.applied(to: value, of: key), to: &line)
    }

    func end(_ line: inout LogLine) {
        encoder.end(&line)
    }
}

/// Gives the pairs of a line to an encoder.
@usableFromInline
struct PairWriter: ~Copyable {
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

    /// Appends a pair, redacted.
    @usableFromInline
    mutating func append(_ key: LogKey, _ value: consuming LogValue) {
        if format.looksAtKeys || value.mayHide { return appendThroughOutput(key, value) }
        switch format.kind {
        case .logfmt: LogfmtEncoder(fields: format.fields).append(key, value, to: &line)
        case .json: JSONLinesEncoder(fields: format.fields).append(key, value, to: &line)
        case .other: appendThroughOutput(key, value)
        }
    }

    /// Appends pairs, redacted.
    @usableFromInline
    mutating func append(_ pairs: [(key: String, value: LogValue)]) {
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
