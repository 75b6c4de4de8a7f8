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
            try log(event.message, try event.pairs.map { try $0.logged() }, logger.at(event.level))
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

    /// The number of pairs is part of a call, so there is one for each number.
    private static func log(_ message: String, _ p: [(LogKey, LogValue)], _ log: LeveledLogger) throws {
        switch p.count {
        case 0: log(message)
        case 1: log(message, p[0])
        case 2: log(message, p[0], p[1])
        case 3: log(message, p[0], p[1], p[2])
        case 4: log(message, p[0], p[1], p[2], p[3])
        case 5: log(message, p[0], p[1], p[2], p[3], p[4])
        case 6: log(message, p[0], p[1], p[2], p[3], p[4], p[5])
        case 7: log(message, p[0], p[1], p[2], p[3], p[4], p[5], p[6])
        case 8: log(message, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7])
        default: throw Misuse("at most eight pairs")
        }
    }
}
