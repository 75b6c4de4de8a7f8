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

extension LogRoute: @unchecked Sendable {}  // its memory is written once, by the initializer

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
        /// The same for values that are hidden only because of their key: ``Kind/other`` where keys are looked at.
        let fastKind: Kind
        let fields: LogFields
        let looksAtKeys: Bool

        init(_ encoder: any LogEncoder, looksAtKeys: Bool) {
            self.looksAtKeys = looksAtKeys
            switch encoder {
            case let encoder as LogfmtEncoder: (kind, fields) = (.logfmt, encoder.fields)
            case let encoder as JSONLinesEncoder: (kind, fields) = (.json, encoder.fields)
            default: (kind, fields) = (.other, LogFields())
            }
            fastKind = looksAtKeys ? .other : kind
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
