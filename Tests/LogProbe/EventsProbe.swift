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
        for event in try LoggedEvent.readAll() {
            let pairs = try event.pairs.map { try $0.logged() }
            logger.at(event.level)(event.message, pairs: pairs)
        }
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
}
