// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging

/// Both kinds of loggers of one pipeline: what one adds to its lines, the other adds, too.
extension StructuredLogger {
    /// The structured logger beside a logger of swift-log: with its label, level, metadata and provider. Nil when
    /// another backend than ``WingbeatLogHandler`` is behind it.
    public init?(_ logger: Logger) {
        guard let handler = logger.handler as? WingbeatLogHandler else { return nil }
        var context = LogContext()
        let known = handler.metadata.sorted { $0.key < $1.key }
        context.add(known.map { LogContext.Pair(key: $0.key, value: $0.value.logValue) }, at: .context)
        self.init(Core(handler.pipeline, handler.label, handler.metadataProvider, context, handler.ownLevel))
    }

    /// The logger of swift-log beside this one, for libraries that take one: with its label, level and context, whose
    /// pairs it writes sorted by key.
    public var logger: Logger {
        let (label, pipeline, level) = (core.label, core.pipeline, core.ownLevel)
        let provider = core.provider
        let context = core.context
        return Logger(label: label) { label in
            var handler = WingbeatLogHandler(label: label, pipeline: pipeline, metadataProvider: provider)
            handler.ownLevel = level
            handler.add(context)
            return handler
        }
    }
}

extension WingbeatLogHandler {
    fileprivate mutating func add(_ context: LogContext) {
        var asked: [String: @Sendable () -> LogValue] = [:]
        for pair in context.before + context.after {
            asked[pair.key] = pair.ask
            if pair.ask == nil { metadata[pair.key] = Logger.MetadataValue(pair.value) }
        }
        guard !asked.isEmpty else { return }
        metadataProvider = Logger.MetadataProvider { [metadataProvider, asked] in
            let provided = metadataProvider?.get() ?? [:]
            return provided.merging(asked.mapValues { Logger.MetadataValue($0()) }) { $1 }
        }
    }
}
