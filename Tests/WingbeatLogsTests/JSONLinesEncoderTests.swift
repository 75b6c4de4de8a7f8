// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import WingbeatLogs
import WingbeatModel

@Suite("JSON lines")
struct JSONLinesEncoderTests {
    private let start = #"{"ts":"2026-01-02T03:04:05.123456789Z","level":"info","logger":"l","msg":"m""#

    private func encoded(_ metadata: Logger.Metadata) -> String {
        let line = line(JSONLinesEncoder(), record(metadata))
        guard line.hasPrefix(start), line.hasSuffix("}\n") else { return "not a line: \(line)" }
        return String(line.dropFirst(start.count).dropLast(2))
    }

    private func parsed(_ record: SomeRecord) throws -> [String: Any] {
        let line = line(JSONLinesEncoder(), record)
        return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test("a record of nothing still has its fixed keys")
    func empty() {
        let record = LogRecord(nanoseconds: 0, level: .critical, label: "", message: "")
        #expect(
            line(JSONLinesEncoder(), record, [])
                == #"{"ts":"1970-01-01T00:00:00.000000000Z","level":"critical","logger":"","msg":""}"# + "\n"
        )
    }

    @Test("a whole line has time, level, logger, message, ids and pairs by key")
    func wholeLine() throws {
        let record = SomeRecord(
            facts: LogRecord(
                nanoseconds: someTime,
                level: .error,
                label: "shop",
                message: "card \"refused\"",
                span: LogSpan(try someTrace())
            ),
            metadata: ["user": "ada", "amount": .stringConvertible(12.5), "items": ["a", "b"]]
        )
        #expect(
            line(JSONLinesEncoder(), record)
                == #"{"ts":"2026-01-02T03:04:05.123456789Z","level":"error","logger":"shop","#
                + #""msg":"card \"refused\"","trace_id":"463ac35c9f6413ad48485a3953bb6124","#
                + #""span_id":"a2fb4a1d1a96d312","amount":12.5,"items":["a","b"],"user":"ada"}"# + "\n"
        )
        let object = try parsed(record)
        #expect(object.count == 9)
        #expect(object["msg"] as? String == "card \"refused\"")
        #expect(object["items"] as? [String] == ["a", "b"])
        #expect(object["amount"] as? Double == 12.5)
    }

    @Test(
        "numbers and truth values stay such",
        arguments: [
            (.stringConvertible(0), "0"), (.stringConvertible(-42), "-42"), (.stringConvertible(Int8.min), "-128"),
            (.stringConvertible(UInt64.max), "18446744073709551615"), (.stringConvertible(1.5), "1.5"),
            (.stringConvertible(3.0), "3"), (.stringConvertible(-0.0), "-0"), (.stringConvertible(1e300), "1e+300"),
            (.stringConvertible(Float(0.1)), "0.1"), (.stringConvertible(true), "true"),
            (.stringConvertible(false), "false"), (.string("42"), #""42""#),
            (.string("true"), #""true""#), (.stringConvertible("42"), #""42""#),
        ] as [(Logger.Metadata.Value, String)]
    )
    func types(value: Logger.Metadata.Value, expected: String) throws {
        #expect(encoded(["k": value]) == #","k":"# + expected)
        _ = try parsed(record(["k": value]))
    }

    @Test(
        "numbers that JSON cannot say are strings",
        arguments: [Double.nan, .infinity, -.infinity]
    )
    func notFinite(value: Double) throws {
        let name = value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf"
        #expect(encoded(["k": .stringConvertible(value)]) == #","k":""# + name + "\"")
        #expect(encoded(["k": .stringConvertible(Float(value))]) == #","k":""# + name + "\"")
        #expect(try parsed(record(["k": .stringConvertible(value)]))["k"] is String)
    }

    @Test("parsed again, numbers are numbers and truth values are truth values")
    func parsedTypes() throws {
        let object = try parsed(
            record(["i": .stringConvertible(7), "d": .stringConvertible(0.25), "b": .stringConvertible(true), "s": "7"])
        )
        #expect(object["i"] as? Int == 7)
        #expect(object["d"] as? Double == 0.25)
        #expect(object["b"] as? Bool == true)
        #expect(object["s"] as? String == "7")
        #expect(object["s"] as? Int == nil)
        #expect(object["i"] as? String == nil)
    }

    @Test("empty and nested containers stay containers, with sorted keys")
    func containers() {
        #expect(encoded(["k": .dictionary([:])]) == #","k":{}"#)
        #expect(encoded(["k": .array([])]) == #","k":[]"#)
        let nested: Logger.Metadata.Value = ["b": ["x", ["z": "1", "y": "2"]], "a": "1"]
        #expect(encoded(["k": nested]) == #","k":{"a":"1","b":["x",{"y":"2","z":"1"}]}"#)
    }

    @Test(
        "keys and values of any text parse as themselves",
        arguments: ["", "\"", "\\", "\n\r\t\0", "\u{2028}", "\u{1F426}", "<&>"]
    )
    func texts(_ text: String) throws {
        let object = try parsed(record(["k" + text: .string(text), "d": [text: .string(text)]], message: text))
        #expect(object["msg"] as? String == text)
        #expect(object["k" + text] as? String == text)
        #expect(object["d"] as? [String: String] == [text: text])
    }

    @Test("a pair cannot pass for a fact of the line, and is not lost either")
    func fixedKeys() throws {
        let forged: Logger.Metadata = [
            "ts": "1", "level": "2", "logger": "3", "msg": "4", "Level": "5", "trace_id": "6", "span_id": "7",
        ]
        let kept = #","Level":"5","fields.level":"2","fields.logger":"3","fields.msg":"4","#
        #expect(encoded(forged) == kept + #""span_id":"7","trace_id":"6","fields.ts":"1""#)
        let trace = try someTrace()
        let ids = #","trace_id":"\#(trace.traceID)","span_id":"\#(trace.spanID)""#
        let line = line(JSONLinesEncoder(), record(forged, trace: trace))
        #expect(line == start + ids + kept + #""fields.span_id":"7","fields.trace_id":"6","fields.ts":"1"}"# + "\n")
    }

    @Test("of pairs with the same key the last one stays, wherever the others stand")
    func lastWins() {
        let encoded = { (keys: String) in
            let pairs = keys.enumerated().map { (Array("\($1)".utf8), LogValue.integer(Int64($0))) }
            return String(line(JSONLinesEncoder(), record().facts, pairs).dropFirst(start.count).dropLast(2))
        }
        #expect(encoded("aa") == #","a":1"#)
        #expect(encoded("abab") == #","a":2,"b":3"#)
        #expect(encoded("abcba") == #","c":2,"b":3,"a":4"#)
        #expect(encoded("aba") == #","b":1,"a":2"#)
        #expect(encoded("aaaabbbb") == #","a":3,"b":7"#)
    }

    @Test("a key among the first 32 is found again however many follow, and one behind them is written twice")
    func manyPairs() {
        let watched = WatchedLogger { $0.outputs[0].encoder = JSONLinesEncoder(fields: .fewest) }
        let keys = (0..<40).map { "k\($0)" } + ["k0", "k31", "k39"]
        watched.structured.info("m", pairs: keys.enumerated().map { ($1, $0.logValue) })
        let written = (1..<31).map { ("k\($0)", $0) } + (32..<40).map { ("k\($0)", $0) }
        let again = [("k0", 40), ("k31", 41), ("k39", 42)]
        let pairs = (written + again).map { #""\#($0.0)":\#($0.1)"# }.joined(separator: ",")
        #expect(watched.sink.lines == [#"{"level":"info","msg":"m",\#(pairs)}"#])
    }

    @Test("facts that are not asked for are not written, and their keys are free")
    func fields() {
        var fields = LogFields()
        fields.time = nil
        fields.logger = false
        fields.caller = true
        let line = line(JSONLinesEncoder(fields: fields), record(["ts": "1", "caller": "2"]))
        #expect(line == #"{"level":"info","caller":"F.swift:7","msg":"m","fields.caller":"2","ts":"1"}"# + "\n")
    }
}
