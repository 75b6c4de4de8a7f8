// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import WingbeatLogs

/// `LogProbe events logfmt|json`: logs the events of standard input to standard output, without time and label.
enum EventsProbe {
    static func run(_ arguments: [String]) throws {
        let pipeline = LogPipeline(
            encoder: try encoder(named: arguments.first),
            sink: StandardStreamSink.standardOutput,
            level: .trace
        )
        let logger = StructuredLogger(label: "probe", pipeline: pipeline)
        for event in try LoggedEvent.readAll() { log(event, try event.pairs.map { try $0.logged() }, logger, pipeline) }
        pipeline.flush()
    }

    private static func encoder(named name: String?) throws -> any LogEncoder {
        var fields = LogFields()
        fields.time = nil
        fields.logger = false
        switch name {
        case "logfmt": return LogfmtEncoder(fields: fields)
        case "json": return JSONLinesEncoder(fields: fields)
        default: throw Misuse("logfmt or json")
        }
    }

    private static func log(
        _ event: LoggedEvent,
        _ pairs: [(LogKey, LogValue)],
        _ logger: StructuredLogger,
        _ pipeline: LogPipeline
    ) {
        let log = logger.at(event.level)
        switch pairs.count {
        case 0: log(event.message)
        case 1: log(event.message, pairs[0])
        case 2: log(event.message, pairs[0], pairs[1])
        case 3: log(event.message, pairs[0], pairs[1], pairs[2])
        default: write(event, pairs.map { LogPair($0.0, $0.1) }, to: pipeline)
        }
    }

    /// A program has few pairs, known in advance; more than these go the encoder's way.
    private static func write(_ event: LoggedEvent, _ pairs: [LogPair], to pipeline: LogPipeline) {
        pairs.withUnsafeBufferPointer { pairs in
            pipeline.write(
                LogRecord(nanoseconds: 0, level: event.level, label: "probe", message: event.message, pairs: pairs)
            )
        }
    }
}
