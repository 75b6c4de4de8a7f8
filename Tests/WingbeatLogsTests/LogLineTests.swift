// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Instrumentation
import Logging
import TestSupport
import Testing
import WingbeatLogs

@Suite("Lines of both kinds of loggers")
struct LogLineTests {
    @Test("a structured line has the ids of the current span, and none outside of it")
    func currentTrace() throws {
        let watched = WatchedLogger()
        var context = ServiceContext.topLevel
        context.traceContext = try someTrace()
        ServiceContext.withValue(context) { watched.structured.info("m", ("trace_id", 1)) }
        watched.structured.info("m", ("trace_id", 1))
        let ids = "trace_id=463ac35c9f6413ad48485a3953bb6124 span_id=a2fb4a1d1a96d312"
        #expect(watched.said == ["msg=m \(ids) fields.trace_id=1", "msg=m trace_id=1"])
    }

    @Test("the caller is the file and the line in which a logger of either kind is called")
    func caller() {
        var fields = LogFields.fewest
        fields.caller = true
        let watched = WatchedLogger { $0.outputs[0].encoder = LogfmtEncoder(fields: fields) }
        let line = #line + 1
        watched.structured.info("m")
        watched.structured.at(.error)("m", ("k", 1), ("l", 2))
        watched.structured.info("m", pairs: [("k", 1.logValue)])
        watched.logger.info("m")
        watched.logger.error("m", error: Refused(), metadata: ["k": "1"])
        let callers = watched.lines.compactMap { $0.split(separator: " ").first }
        #expect(callers == (0..<5).map { "caller=LogLineTests.swift:\(line + $0)" })
    }

    /// A value that logs while it is asked for its text, as one does that is loaded lazily.
    private struct Talkative: LogValueConvertible, CustomStringConvertible {
        let log: StructuredLogger
        var depth = 1

        var description: String {
            let next = Talkative(log: log, depth: depth - 1)
            if depth == 1 { log.info("inner", ("depth", depth)) } else { log.info("inner", ("next", next)) }
            return "text \(depth)"
        }

        var logValue: LogValue { .text(description) }
    }

    @Test("a value that logs while it is written leaves both lines whole")
    func nestedLogging() {
        let watched = WatchedLogger()
        let value = Talkative(log: watched.structured)
        watched.structured.info("outer", ("a", 1), ("value", value), ("b", 2))
        watched.logger.info("outer", metadata: ["list": [.stringConvertible(value)], "z": "1"])
        #expect(
            watched.said == [
                "msg=inner depth=1", #"msg=outer a=1 value="text 1" b=2"#,
                "msg=inner depth=1", #"msg=outer list="[\"text 1\"]" z=1"#,
            ]
        )
    }

    @Test("values that log within each other leave all lines whole, in JSON too")
    func deeplyNestedLogging() {
        let watched = WatchedLogger { $0.outputs[0].encoder = JSONLinesEncoder(fields: .fewest) }
        let value = Talkative(log: watched.structured, depth: 3)
        watched.structured.info("outer", ("k", 1), ("value", value), ("k", 2))
        #expect(
            watched.sink.lines == [
                #"{"level":"info","msg":"inner","depth":1}"#,
                #"{"level":"info","msg":"inner","next":"text 1"}"#,
                #"{"level":"info","msg":"inner","next":"text 2"}"#,
                #"{"level":"info","msg":"outer","value":"text 3","k":2}"#,
            ]
        )
    }

    @Test("a value of 100 KB is written whole, on each of several threads, and the lines behind it as ever")
    func longValue() {
        let watched = WatchedLogger()
        let long = String(repeating: "0123456789", count: 10_240)
        let log = watched.structured
        onThreads(4) { number in
            for round in 0..<5 {
                log.info("long", ("thread", number), ("value", long), ("round", round))
                log.info("short", ("thread", number), ("value", "a b"), ("round", round))
            }
        }
        for number in 0..<4 {
            let expected = (0..<5).flatMap { round in
                [
                    "msg=long thread=\(number) value=\(long) round=\(round)",
                    "msg=short thread=\(number) value=\"a b\" round=\(round)",
                ]
            }
            let isSame = watched.said.filter { $0.contains("thread=\(number) ") } == expected
            #expect(isSame)
        }
        #expect(watched.said.count == 40)
    }
}
