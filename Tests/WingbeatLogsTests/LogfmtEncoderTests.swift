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
        #expect(line(LogfmtEncoder(), record, []) == "ts=1970-01-01T00:00:00.000000000Z level=trace logger= msg=\n")
    }

    @Test("a whole line has time, level, logger, message, ids and pairs by key")
    func wholeLine() throws {
        let record = SomeRecord(
            facts: LogRecord(
                nanoseconds: someTime,
                level: .warning,
                label: "shop.checkout",
                message: "order placed",
                span: LogSpan(try someTrace())
            ),
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
        #expect(line(LogfmtEncoder(), record, []).contains(" level=\(level) "))
    }

    @Test(
        "values are quoted and escaped as go-logfmt does it",
        arguments: [
            ("", ""), ("a", "a"), ("a b", #""a b""#), (" ", #"" ""#), ("a=b", #""a=b""#), ("=", #""=""#),
            (#"say "hi""#, #""say \"hi\"""#), ("a\nb", #""a\nb""#), ("\r\n", #""\r\n""#), ("\t", #""\t""#),
            ("\0", #""\u0000""#), ("\u{1F}", #""\u001f""#), ("\u{1B}x", #""\u001bx""#), ("\u{7F}", #""\u007f""#),
            ("\u{FFFD}", #""\ufffd""#), ("null", #""null""#), ("nullx", "nullx"), ("NULL", "NULL"), ("nil", "nil"),
            ("\u{1F426}", "\u{1F426}"), ("é", "é"), ("\u{1F426} é", "\"\u{1F426} é\""), ("\\", "\\"),
            (#"C:\x"#, #"C:\x"#), (#"C:\my x"#, #""C:\\my x""#), ("<a>&'{}[],:;", "<a>&'{}[],:;"), ("\u{A0}", "\u{A0}"),
            ("a!b", "a!b"),
            ("12345678 9", #""12345678 9""#), ("1234567=", #""1234567=""#), (#"1234 \678"#, #""1234 \\678""#),
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

    @Test(
        "what speaks to a terminal or ends a line is escaped, also where go-logfmt lets it pass",
        arguments: [
            ("\u{80}", #""\u0080""#), ("\u{85}", #""\u0085""#), ("\u{9B}31m", #""\u009b31m""#),
            ("\u{2028}", #""\u2028""#),
            ("a\u{2029}b", #""a\u2029b""#),
        ]
    )
    func controls(text: String, expected: String) {
        #expect(encoded(["k": .string(text)]) == " k=\(expected)")
        #expect(encoded([text: "v"]) == " \(text.unicodeScalars.filter { $0.isASCII }.isEmpty ? "_" : cleaned(text))=v")
    }

    private func cleaned(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.isASCII }))
    }

    @Test("bytes that are not UTF-8 are one U+FFFD each, as in Go")
    func invalidBytes() {
        let texts: [([UInt8], String)] = [
            ([0x61, 0xFF], #""a\ufffd""#), ([0xE2, 0x82], #""\ufffd\ufffd""#), ([0xC0, 0x80], #""\ufffd\ufffd""#),
            ([0xED, 0xA0, 0x80], #""\ufffd\ufffd\ufffd""#), ([0xF0, 0x9F, 0x90, 0xA6], "\u{1F426}"), ([], ""),
            ([0xF5, 0x61], #""\ufffda""#),
        ]
        for (bytes, expected) in texts {
            #expect(line(LogfmtEncoder(), record().facts, [([0x6B], .bytes(bytes))]) == "\(start) k=\(expected)\n")
        }
    }

    @Test("numbers with a fraction look as Go prints them")
    func numbers() {
        let numbers: [(Double, String)] = [
            (0, "0"), (-0.0, "-0"), (1, "1"), (0.1, "0.1"), (12.5, "12.5"), (-0.75, "-0.75"), (100_000, "100000"),
            (999_999.5, "999999.5"), (1e6, "1e+06"), (1_234_567, "1.234567e+06"),
            (123_456_789.125, "1.23456789125e+08"),
            (1e15, "1e+15"), (1e21, "1e+21"), (0.0001, "0.0001"), (0.000_01, "1e-05"), (0.000_123_45, "0.00012345"),
            (1e-7, "1e-07"), (0.1 + 0.2, "0.30000000000000004"), (.leastNonzeroMagnitude, "5e-324"),
            (.pi, "3.141592653589793"),
            (1.7976931348623157e308, "1.7976931348623157e+308"), (.nan, "NaN"), (-.infinity, "-Inf"),
        ]
        for (number, expected) in numbers {
            #expect(encoded(["k": .stringConvertible(number)]) == " k=\(expected)")
        }
        #expect(encoded(["k": .stringConvertible(Float(0.1))]) == " k=0.1")
        #expect(encoded(["k": .stringConvertible(Float(123_456_789))]) == " k=1.2345679e+08")
    }

    @Test("whole numbers and truth values are written as they describe themselves")
    func convertibles() {
        #expect(encoded(["k": .stringConvertible(1.5)]) == " k=1.5")
        #expect(encoded(["k": .stringConvertible(true)]) == " k=true")
        #expect(encoded(["k": .stringConvertible(Int64.min)]) == " k=-9223372036854775808")
    }

    @Test("dictionaries become pairs with dotted keys, in order, however deep")
    func dictionaries() {
        #expect(encoded(["k": .dictionary([:])]) == " k={}")
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

    @Test("a pair cannot pass for a fact of the line, not even when its key is cleaned, and is not lost either")
    func fixedKeys() throws {
        let forged: Logger.Metadata = [
            "ts": "1", "level": "2", "logger": "3", "msg": "4", "m sg": "5", "\nlevel": "6", "Level": "7",
            "msg.a": "8", "trace_id": "9", "span_id": "0",
        ]
        let kept = " fields.level=6 Level=7 fields.level=2 fields.logger=3 fields.msg=5 fields.msg=4 msg.a=8"
        #expect(encoded(forged) == "\(kept) span_id=0 trace_id=9 fields.ts=1")
        let trace = try someTrace()
        #expect(
            line(LogfmtEncoder(), record(forged, trace: trace))
                == "\(start) trace_id=\(trace.traceID) span_id=\(trace.spanID)\(kept) fields.span_id=0 fields.trace_id=9"
                + " fields.ts=1\n"
        )
    }

    @Test("facts that are not asked for are not written, and the time is as exact as asked for")
    func fields() {
        var fields = LogFields()
        fields.logger = false
        fields.caller = true
        let times: [(LogFields.TimePrecision?, String)] = [
            (nil, ""), (.seconds, "ts=2026-01-02T03:04:05Z "), (.milliseconds, "ts=2026-01-02T03:04:05.123Z "),
            (.microseconds, "ts=2026-01-02T03:04:05.123456Z "), (.nanoseconds, "ts=2026-01-02T03:04:05.123456789Z "),
        ]
        for (precision, expected) in times {
            fields.time = precision
            #expect(line(LogfmtEncoder(fields: fields), record()) == "\(expected)level=info caller=F.swift:7 msg=m\n")
        }
    }
}
