// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Testing
import WingbeatLogs

/// What a user writes who needs a format that there is not: values with bars between them.
private struct BarEncoder: LogEncoder {
    func begin(_ record: borrowing LogRecord, in line: inout LogLine) {
        line.append(rfc3339: record.nanoseconds, .seconds)
        line.append("|")
        line.append(unescaped: "\(record.level)".uppercased())
        line.append(UInt8(ascii: "|"))
        line.append(unescaped: record.message)
    }

    func append(_ key: LogKey, _ value: consuming LogValue, to line: inout LogLine) {
        line.append("|")
        line.append(key.utf8)
        line.append(":")
        switch value {
        case .text(let text): line.append(unescaped: text)
        case .sensitive: line.append("NOT FOR AN ENCODER")
        default: line.append(unescaped: "\(value)")
        }
    }

    func end(_ line: inout LogLine) {
        line.append("|\n")
    }
}

@Suite("An encoder of a user")
struct CustomEncoderTests {
    private func watched(_ redaction: LogRedaction = LogRedaction()) -> WatchedLogger {
        WatchedLogger {
            $0.outputs[0].encoder = BarEncoder()
            $0.redaction = redaction
        }
    }

    @Test("writes what it likes of a record without pairs")
    func empty() {
        #expect(line(BarEncoder(), record(message: "").facts, []) == "2026-01-02T03:04:05Z|INFO||\n")
        let watched = watched()
        watched.structured.info("m")
        watched.structured.debug("m")
        #expect(watched.sink.lines.map { $0.drop { $0 != "|" } } == ["|INFO|m|"])
    }

    @Test("gets the pairs of both kinds of loggers in the order of their lines")
    func pairs() {
        let watched = watched()
        watched.structured.with(("a", "context")).info("m", ("z", 1), ("y", "text"))
        watched.logger.info("m", metadata: ["z": .stringConvertible(1), "y": "text"])
        #expect(
            watched.sink.lines.map { $0.drop { $0 != "|" } } == [
                "|INFO|m|a:context|z:integer(1)|y:text|", "|INFO|m|y:text|z:integer(1)|",
            ]
        )
    }

    @Test("never sees what must not be read")
    func redacted() {
        let watched = watched(LogRedaction(keys: ["password"]))
        watched.structured.info("m", ("user.Password", 1), ("email", Sensitive("x")), ("open", "y"))
        watched.logger.info(
            "m",
            metadata: ["password": "x", "email": "\("x", attributes: [LogSensitivity.sensitive])"]
        )
        #expect(
            watched.sink.lines.map { $0.drop { $0 != "|" } } == [
                "|INFO|m|user.Password:[redacted]|email:[redacted]|open:y|",
                "|INFO|m|email:[redacted]|password:[redacted]|",
            ]
        )
    }
}
