// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging
import WingbeatModel

/// The backend of swift-log: adds the ids of the current trace and writes through a ``LogPipeline``.
public struct WingbeatLogHandler: LogHandler {
    /// Asked for pairs at each line.
    public var metadataProvider: Logger.MetadataProvider?
    /// The pairs of every line.
    public var metadata: Logger.Metadata = [:]
    /// The label of the logger.
    let label: String
    /// Where lines go.
    let pipeline: LogPipeline
    /// The level that the logger was given; nil while it follows the pipeline's.
    var ownLevel: Logger.Level?

    /// A handler for the logger of a label.
    public init(label: String, pipeline: LogPipeline, metadataProvider: Logger.MetadataProvider? = nil) {
        self.label = label
        self.pipeline = pipeline
        self.metadataProvider = metadataProvider
    }

    /// Lines below it are not written. It is the pipeline's, whenever that changes, until it is set.
    public var logLevel: Logger.Level {
        get { ownLevel ?? pipeline.level }
        set { ownLevel = newValue }
    }

    /// One of the pairs of every line.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line. Its pairs are sorted by key; of those with the same key the event's is taken before the
    /// provider's, and that before the handler's own; `error.message` and `error.type` tell of the event's error.
    public func log(event: LogEvent) {
        let record = LogRecord(
            nanoseconds: unixNanoseconds(),
            level: event.level,
            label: label,
            message: event.message.description,
            span: .current,
            file: event.file,
            line: event.line
        )
        let (given, error, provided) = (event.metadata ?? [:], event.error, metadataProvider?.get() ?? [:])
        SortedMetadata.with(capacity: metadata.count + provided.count + given.count + 2) { list in
            if !metadata.isEmpty { list.insert(metadata) }
            if !provided.isEmpty { list.insert(provided) }
            if !given.isEmpty { list.insert(given) }
            if let error { list.insert(error) }
            pipeline.write(record) { list.write(to: &$0) }
        }
    }
}

extension SortedMetadata {
    /// Adds what swift-log's own handler tells of an error.
    fileprivate mutating func insert(_ error: any Error) {
        insert("error.message", .text("\(error)"))
        insert("error.type", .text(String(reflecting: type(of: error))))
    }
}
