// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Testing
import WingbeatLogs
import WingbeatModel

@Suite("logfmt lines")
struct LogfmtEncoderTests {
    private let start = "ts=2026-01-02T03:04:05.123456789Z level=info logger=l msg=m"

    private func encoded(_ metadata: Logger.Metadata) -> String {
        let line = line(LogfmtEncoder(), record(metadata))
        guard line.hasPrefix(start), line.hasSuffix("\n") else { return "not a line: \(line)" }
        return String(line.dropFirst(start.count).dropLast())
    }

    @Test("a record of nothing still has its fixed keys")
    func empty() {
        let record = LogRecord(nanoseconds: 0, level: .trace, label: "", message: "")
        #expect(line(LogfmtEncoder(), record) == "ts=1970-01-01T00:00:00.000000000Z level=trace logger= msg=\n")
    }

    @Test("a whole line has time, level, logger, message, ids and pairs by key")
    func wholeLine() throws {
        let record = LogRecord(
            nanoseconds: someTime,
            level: .warning,
            label: "shop.checkout",
            message: "order placed",
            trace: try someTrace(),
            metadata: ["user": "ada", "id": .stringConvertible(42), "a.b": "x y"]
        )
        #expect(
            line(LogfmtEncoder(), record)
                == "ts=2026-01-02T03:04:05.123456789Z level=warning logger=shop.checkout msg=\"order placed\" "
                + "trace_id=463ac35c9f6413ad48485a3953bb6124 span_id=a2fb4a1d1a96d312 a.b=\"x y\" id=42 user=ada\n"
        )
    }

    @Test("each level has its name", arguments: Logger.Level.allCases)
    func levels(_ level: Logger.Level) {
        let record = LogRecord(nanoseconds: 0, level: level, label: "l", message: "m")
        #expect(line(LogfmtEncoder(), record).contains(" level=\(level) "))
    }

    @Test(
        "values are quoted and escaped as go-logfmt does it",
        arguments: [
            ("", ""), ("a", "a"), ("a b", #""a b""#), (" ", #"" ""#), ("a=b", #""a=b""#), ("=", #""=""#),
            (#"say "hi""#, #""say \"hi\"""#), ("a\nb", #""a\nb""#), ("\r\n", #""\r\n""#), ("\t", #""\t""#),
            ("\0", #""\u0000""#), ("\u{1F}", #""\u001f""#), ("\u{1B}x", #""\u001bx""#), ("\u{7F}", #""\u007f""#),
            ("\u{FFFD}", #""\ufffd""#), ("null", #""null""#), ("nullx", "nullx"), ("NULL", "NULL"), ("nil", "nil"),
            ("\u{1F426}", "\u{1F426}"), ("é", "é"), ("\u{1F426} é", "\"\u{1F426} é\""), ("\\", "\\"),
            (#"C:\x"#, #"C:\x"#), (#"C:\my x"#, #""C:\\my x""#), ("<a>&'{}[],:;", "<a>&'{}[],:;"), ("\u{80}", "\u{80}"),
            ("\u{A0}", "\u{A0}"),
        ]
    )
    func values(text: String, expected: String) {
        #expect(encoded(["k": .string(text)]) == " k=\(expected)")
        #expect(line(LogfmtEncoder(), record(message: text)).hasSuffix(" msg=\(expected)\n"))
    }

    @Test(
        "keys lose what would break the line, and are an underscore when nothing is left",
        arguments: [
            ("", "_"), (" ", "_"), ("=\"", "_"), ("a b", "ab"), ("a=b", "ab"), ("a\"b", "ab"), ("a\nb\tc", "abc"),
            ("a\u{7F}b", "ab"), ("a\u{FFFD}b", "ab"), ("\u{FFFD}", "_"), ("a.b-c/d", "a.b-c/d"),
            ("é\u{1F426}", "é\u{1F426}"), ("\\", "\\"),
        ]
    )
    func keys(key: String, expected: String) {
        #expect(encoded([key: "v"]) == " \(expected)=v")
    }

    @Test("numbers and truth values are written as they describe themselves")
    func convertibles() {
        #expect(encoded(["k": .stringConvertible(1.5)]) == " k=1.5")
        #expect(encoded(["k": .stringConvertible(true)]) == " k=true")
        #expect(encoded(["k": .stringConvertible(Int64.min)]) == " k=-9223372036854775808")
    }

    @Test("dictionaries become pairs with dotted keys, in order, however deep")
    func dictionaries() {
        #expect(encoded(["k": .dictionary([:])]) == "")
        #expect(encoded(["k": ["b": "2", "a": "1 1"]]) == " k.a=\"1 1\" k.b=2")
        #expect(encoded(["k": ["x": ["y": ["z": "1"]], "": "2"]]) == " k.=2 k.x.y.z=1")
        #expect(encoded(["k k": ["a=b": "1"]]) == " kk.ab=1")
    }

    @Test("arrays become JSON text, whatever is in them")
    func arrays() {
        #expect(encoded(["k": []]) == " k=[]")
        #expect(encoded(["k": [.stringConvertible(1), .stringConvertible(true)]]) == " k=[1,true]")
        #expect(encoded(["k": ["a", "b c"]]) == #" k="[\"a\",\"b c\"]""#)
        #expect(encoded(["k": [["a": ["\n"]]]]) == #" k="[{\"a\":[\"\\n\"]}]""#)
    }

    @Test("a pair cannot pass for a fixed key, not even when its key is cleaned")
    func fixedKeys() throws {
        let forged: Logger.Metadata = [
            "ts": "x", "level": "x", "logger": "x", "msg": "x", "m sg": "x", "\nlevel": "x", "Level": "kept",
            "msg.a": "kept", "trace_id": "x", "span_id": "x",
        ]
        #expect(encoded(forged) == " Level=kept msg.a=kept span_id=x trace_id=x")
        let trace = try someTrace()
        #expect(
            line(LogfmtEncoder(), record(forged, trace: trace))
                == "\(start) trace_id=\(trace.traceID) span_id=\(trace.spanID) Level=kept msg.a=kept\n"
        )
    }

    @Test("lines follow each other in the same buffer")
    func appends() {
        var bytes = Array("before\n".utf8)
        LogfmtEncoder().encode(record(), into: &bytes)
        LogfmtEncoder().encode(record(), into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "before\n\(start)\n\(start)\n")
    }
}
