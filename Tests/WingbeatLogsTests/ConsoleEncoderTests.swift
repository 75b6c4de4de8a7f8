// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import WingbeatLogs

@Suite("Lines for people")
struct ConsoleEncoderTests {
    private let plain = ConsoleEncoder(colors: .never)

    private func record(_ level: Logger.Level, _ message: String, label: String = "checkout", span: LogSpan? = nil)
        -> LogRecord
    {
        LogRecord(nanoseconds: someTime, level: level, label: label, message: message, span: span)
    }

    private func shown(_ encoder: ConsoleEncoder, _ record: LogRecord, _ pairs: [(String, LogValue)] = []) -> String {
        line(encoder, record, pairs.map { (Array($0.0.utf8), $0.1) })
    }

    @Test("a record of nothing still has its time and its level")
    func empty() {
        let record = LogRecord(nanoseconds: 0, level: .trace, label: "", message: "")
        #expect(shown(plain, record) == "00:00:00.000 TRACE " + spaces(32) + "\n")
    }

    @Test("the pairs of messages of different lengths stand below each other")
    func alignment() {
        let pairs: [(String, LogValue)] = [("id", .integer(42)), ("total", .double(12.5)), ("name", .text("a b"))]
        let messages = [
            "order placed", "größe 🐦", String(repeating: "x", count: 32), String(repeating: "x", count: 33),
        ]
        let lines = messages.map { shown(plain, record(.info, $0), pairs) }
        let end = " id=42 total=12.5 name=\"a b\"\n"
        #expect(lines[0] == "03:04:05.123 INFO  checkout: order placed" + spaces(20) + end)
        #expect(lines[1] == "03:04:05.123 INFO  checkout: größe 🐦" + spaces(25) + end)
        #expect(lines[2] == "03:04:05.123 INFO  checkout: " + messages[2] + end)
        #expect(lines[3] == "03:04:05.123 INFO  checkout: " + messages[3] + end)
    }

    @Test("each level has five characters, so that labels stand below each other")
    func levels() {
        let names = ["TRACE", "DEBUG", "INFO ", "NOTE ", "WARN ", "ERROR", "CRIT "]
        for (level, name) in zip(Logger.Level.allCases, names) {
            #expect(shown(plain, record(level, "m")) == "03:04:05.123 \(name) checkout: m" + spaces(31) + "\n")
        }
    }

    @Test("each level has its colour, and what is of less interest is faint")
    func colors() throws {
        let encoder = ConsoleEncoder(colors: .always)
        let codes = ["0;36", "0;36", "0;32", "0;32", "0;33", "0;31", "0;1;31"]
        let names = ["TRACE", "DEBUG", "INFO ", "NOTE ", "WARN ", "ERROR", "CRIT "]
        for (level, (code, name)) in zip(Logger.Level.allCases, zip(codes, names)) {
            #expect(
                shown(encoder, record(level, "m"), [("k", .integer(1))])
                    == "\u{1B}[0;2m03:04:05.123 \u{1B}[\(code)m\(name)\u{1B}[0m checkout: m" + spaces(31) + " k=1\n"
            )
        }
    }

    @Test("the ids of the span stand before the pairs, faint, and a pair cannot pass for them")
    func span() throws {
        let span = LogSpan(try someTrace())
        let ids = " trace_id=463ac35c9f6413ad48485a3953bb6124 span_id=a2fb4a1d1a96d312"
        let start = "checkout: m" + spaces(31)
        let pairs: [(String, LogValue)] = [("trace_id", .integer(1))]
        #expect(
            shown(plain, record(.info, "m", span: span), pairs)
                == "03:04:05.123 INFO  \(start)\(ids) fields.trace_id=1\n"
        )
        #expect(
            shown(ConsoleEncoder(colors: .always), record(.info, "m", span: span), pairs)
                == "\u{1B}[0;2m03:04:05.123 \u{1B}[0;32mINFO \u{1B}[0m \(start)\u{1B}[0;2m\(ids)\u{1B}[0m fields.trace_id=1\n"
        )
    }

    @Test("nothing that is logged speaks to the terminal or begins a line, wherever it stands")
    func escapes() {
        let loud = "\u{1B}[2J\u{9B}31m\u{07}\r\n\t\u{7F}\u{85}\u{2028}\u{2029}\0"
        let quiet = #"\u001b[2J\u009b31m\u0007\r\n\t\u007f\u0085\u2028\u2029\u0000"#
        let pairs: [(String, LogValue)] = [
            ("k" + loud, .text(loud)), ("b", .bytes([0x9B, 0x1B])),
            ("n", .nested(["k" + loud: .array([.string(loud)])])),
        ]
        let line = shown(plain, record(.info, "m" + loud, label: "l" + loud), pairs)
        #expect(line.hasPrefix("03:04:05.123 INFO  l\(quiet): m\(quiet)" + spaces(32 - 1 - loud.unicodeScalars.count)))
        #expect(line.contains(" k[2J31m=\"\(quiet)\""))
        #expect(line.contains(#" b="\ufffd\u001b""#))
        let controls = line.unicodeScalars.filter { $0.properties.generalCategory == .control }
        #expect(controls.map(\.value) == [10])
        #expect(line.last == "\n")
        #expect(!line.contains { "\u{2028}\u{2029}".contains($0) })
    }

    private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}
