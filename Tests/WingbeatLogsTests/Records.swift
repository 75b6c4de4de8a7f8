// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Instrumentation
import Logging
import Testing
import WingbeatLogs
import WingbeatModel

/// 2026-01-02T03:04:05.123456789Z
let someTime: UInt64 = 1_767_323_045_123_456_789

/// What every line tells, and swift-log's pairs.
struct SomeRecord {
    var facts: LogRecord
    var metadata: Logger.Metadata
}

/// A record of which only the pairs matter.
func record(_ metadata: Logger.Metadata = [:], message: String = "m", trace: TraceContext? = nil) -> SomeRecord {
    let span = trace.map(LogSpan.init)
    return SomeRecord(
        facts: LogRecord(
            nanoseconds: someTime,
            level: .info,
            label: "l",
            message: message,
            span: span,
            file: "M/F.swift",
            line: 7
        ),
        metadata: metadata
    )
}

/// The text that an encoder makes of a record, its pairs sorted by key.
func line(_ encoder: some LogEncoder, _ record: SomeRecord) -> String {
    let pairs = record.metadata.sorted { $0.key < $1.key }
    return line(encoder, record.facts, pairs.map { (Array($0.key.utf8), $0.value.logValue) })
}

/// The text that an encoder makes of a record and pairs in their order.
func line(_ encoder: some LogEncoder, _ record: LogRecord = record().facts, _ pairs: [([UInt8], LogValue)]) -> String {
    var line = LogLine()
    encoder.begin(record, in: &line)
    for (key, value) in pairs {
        key.withUnsafeBufferPointer { encoder.append(LogKey($0), value, to: &line) }
    }
    encoder.end(&line)
    var text = ""
    line.withBytes { text = String(decoding: $0, as: UTF8.self) }
    return text
}

/// A trace context with known ids.
func someTrace() throws -> TraceContext {
    TraceContext(
        traceID: try #require(TraceID(hex: "463ac35c9f6413ad48485a3953bb6124")),
        spanID: try #require(SpanID(hex: "a2fb4a1d1a96d312")),
        sampling: .sampled
    )
}

/// A logger that writes logfmt to memory.
struct WatchedLogger {
    let sink = InMemoryLogSink()
    let pipeline: LogPipeline
    var logger: Logger

    init(
        level: Logger.Level = .info,
        provider: Logger.MetadataProvider? = nil,
        configure: (inout LogConfiguration) -> Void = { _ in }
    ) {
        var configuration = LogConfiguration(sink: sink, level: level)
        configure(&configuration)
        let pipeline = LogPipeline(configuration)
        self.pipeline = pipeline
        logger = Logger(label: "shop") { label in
            WingbeatLogHandler(label: label, pipeline: pipeline, metadataProvider: provider)
        }
    }

    /// A structured logger of the same pipeline.
    var structured: StructuredLogger { StructuredLogger(label: "shop", pipeline: pipeline) }

    /// The lines so far, from the level on.
    var lines: [String] { sink.lines.map { String($0.drop { $0 != " " }.dropFirst()) } }

    /// The messages and pairs of the lines so far.
    var said: [String] { lines.compactMap { $0.split(separator: " ", maxSplits: 2).last.map(String.init) } }
}
