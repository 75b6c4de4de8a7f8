// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging
import Synchronization
import WingbeatModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where the lines of all loggers go: an encoder and a sink that can be exchanged while loggers use them.
public final class LogPipeline: Sendable {
    private let parts: Mutex<Parts>

    private struct Parts {
        var encoder: any LogEncoder
        var sink: any LogSink
        var level: Logger.Level
    }

    /// A pipeline of its parts.
    public init(
        encoder: any LogEncoder = LogfmtEncoder(),
        sink: any LogSink = StandardStreamSink.standardError,
        level: Logger.Level = .info
    ) {
        parts = Mutex(Parts(encoder: encoder, sink: sink, level: level))
    }

    /// Exchanges the parts. Loggers that exist write through the new ones from their next line on; they keep the
    /// level with which they were made.
    public func replace(encoder: any LogEncoder, sink: any LogSink, level: Logger.Level) {
        parts.withLock { $0 = Parts(encoder: encoder, sink: sink, level: level) }
    }

    /// The level with which loggers are made.
    public var level: Logger.Level { parts.withLock { $0.level } }

    /// Encodes a record and hands the line to the sink, on the caller's thread.
    public func log(_ record: LogRecord) {
        let (encoder, sink) = parts.withLock { ($0.encoder, $0.sink) }
        var line: [UInt8] = []
        line.reserveCapacity(256)
        encoder.encode(record, into: &line)
        line.withUnsafeBytes { bytes in
            try? sink.write(LogLines(bytes: bytes, count: 1, level: record.level))
        }
    }
}

/// The backend of swift-log: adds the ids of the current trace and writes through a ``LogPipeline``.
public struct WingbeatLogHandler: LogHandler {
    /// Asked for pairs at each line.
    public var metadataProvider: Logger.MetadataProvider?
    /// The pairs of every line.
    public var metadata: Logger.Metadata = [:]
    /// Lines below it are not written.
    public var logLevel: Logger.Level
    private let label: String
    private let pipeline: LogPipeline

    /// A handler for the logger of a label.
    public init(label: String, pipeline: LogPipeline, metadataProvider: Logger.MetadataProvider? = nil) {
        self.label = label
        self.pipeline = pipeline
        self.metadataProvider = metadataProvider
        logLevel = pipeline.level
    }

    /// One of the pairs of every line.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        pipeline.log(
            LogRecord(
                nanoseconds: unixNanoseconds(),
                level: event.level,
                label: label,
                message: event.message.description,
                trace: TraceContext.current,
                metadata: merged(with: event)
            )
        )
    }

    /// swift-log's order: the handler's own pairs, the provider's, the event's, and last what is known of the error.
    private func merged(with event: LogEvent) -> Logger.Metadata {
        var all = metadata
        if let provided = metadataProvider?.get(), !provided.isEmpty { all.merge(provided) { $1 } }
        if let given = event.metadata { all = all.isEmpty ? given : all.merging(given) { $1 } }
        if let error = event.error {
            all["error.message"] = .string("\(error)")
            all["error.type"] = .string(String(reflecting: type(of: error)))
        }
        return all
    }
}
