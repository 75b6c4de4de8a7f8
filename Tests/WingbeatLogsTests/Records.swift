// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Instrumentation
import Logging
import Testing
import WingbeatLogs
import WingbeatModel

/// 2026-01-02T03:04:05.123456789Z
let someTime: UInt64 = 1_767_323_045_123_456_789

/// The text that an encoder makes of a record.
func line(_ encoder: some LogEncoder, _ record: LogRecord) -> String {
    var bytes: [UInt8] = []
    encoder.encode(record, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

/// A record of which only the pairs matter.
func record(_ metadata: Logger.Metadata = [:], message: String = "m", trace: TraceContext? = nil) -> LogRecord {
    LogRecord(nanoseconds: someTime, level: .info, label: "l", message: message, trace: trace, metadata: metadata)
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

    init(level: Logger.Level = .info, provider: Logger.MetadataProvider? = nil) {
        let pipeline = LogPipeline(encoder: LogfmtEncoder(), sink: sink, level: level)
        self.pipeline = pipeline
        logger = Logger(label: "shop") { label in
            WingbeatLogHandler(label: label, pipeline: pipeline, metadataProvider: provider)
        }
    }

    /// The lines so far, from the level on.
    var lines: [String] { sink.lines.map { String($0.drop { $0 != " " }.dropFirst()) } }
}
