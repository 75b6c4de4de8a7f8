// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import TestSupport
import Testing
import WingbeatLogs
import WingbeatModel

@Suite("Random log records")
struct EncoderFuzzTests {
    @Test("the reader of these tests reads nothing out of nothing")
    func empty() {
        #expect(readLogfmt("\n")?.isEmpty == true)
        #expect(readLogfmt("a=1 b=\"x \\\" \\n\" c=\n")?.map(\.value) == ["1", "x \" \n", ""])
        #expect(readLogfmt("a=1 b\"\n") == nil)
    }

    @Test("no record makes more than one line, and every line reads back")
    func randomRecords() throws {
        var generator = SeededGenerator(seed: 99)
        for number in 0..<10_000 {
            let record = LogRecord(
                nanoseconds: generator.next(),
                level: try #require(Logger.Level.allCases.randomElement(using: &generator)),
                label: text(using: &generator),
                message: text(using: &generator),
                span: generator.next().isMultiple(of: 2) ? LogSpan(try someTrace()) : nil
            )
            let some = SomeRecord(facts: record, metadata: metadata(depth: 0, using: &generator))
            let logfmt = line(LogfmtEncoder(), some)
            let pairs = try #require(readLogfmt(logfmt), "record \(number): \(logfmt)")
            #expect(pairs.dropFirst().prefix(3).map(\.key) == ["level", "logger", "msg"])
            #expect(pairs.dropFirst().prefix(3).map(\.value) == ["\(record.level)", record.label, record.message])
            #expect(pairs.count { $0.key == "msg" || $0.key == "level" } == 2)

            let json = line(JSONLinesEncoder(), some)
            #expect(json.utf8.count { $0 == 10 } == 1 && json.utf8.last == 10)
            let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            #expect(object?["msg"] as? String == record.message, "record \(number)")
            #expect(object?["logger"] as? String == record.label, "record \(number)")
        }
    }

    private func text(using generator: inout SeededGenerator) -> String {
        let controls = "\n\r\t\0\u{7F}\u{85}\u{2028}\u{2029}"
        let special = Array((controls + "\"\\= \u{FFFD}\u{1F426}\u{301}é{}[],:.a").unicodeScalars)
        let fixed = ["", "null", "msg", "level", "ts", "trace_id"]
        if generator.next().isMultiple(of: 8) { return fixed.randomElement(using: &generator) ?? "" }
        let scalars = (0..<Int.random(in: 0...12, using: &generator)).map { _ -> Unicode.Scalar in
            let isSpecial = generator.next().isMultiple(of: 2)
            let random = Unicode.Scalar(UInt32.random(in: 0...0x2FFF, using: &generator))
            return (isSpecial ? special.randomElement(using: &generator) : random) ?? "a"
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private func metadata(depth: Int, using generator: inout SeededGenerator) -> Logger.Metadata {
        var metadata: Logger.Metadata = [:]
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            metadata[text(using: &generator)] = value(depth: depth, using: &generator)
        }
        return metadata
    }

    private func value(depth: Int, using generator: inout SeededGenerator) -> Logger.Metadata.Value {
        switch Int.random(in: 0..<(depth < 3 ? 7 : 5), using: &generator) {
        case 0: .string(text(using: &generator))
        case 1: .stringConvertible(text(using: &generator))
        case 2: .stringConvertible(Double(bitPattern: generator.next()))
        case 3: .stringConvertible(Int64(bitPattern: generator.next()))
        case 4: .stringConvertible(generator.next().isMultiple(of: 2))
        case 5: .dictionary(metadata(depth: depth + 1, using: &generator))
        default: .array((0..<2).map { _ in value(depth: depth + 1, using: &generator) })
        }
    }

    /// Reads a line as a logfmt parser does; nil when it is no single, well-formed line.
    private func readLogfmt(_ line: String) -> [(key: String, value: String)]? {
        var rest = line.unicodeScalars[...]
        var pairs: [(key: String, value: String)] = []
        guard rest.popLast() == "\n" else { return nil }
        while !rest.isEmpty {
            let key = rest.prefix { $0.value > 0x20 && $0 != "=" && $0 != "\"" && $0.value != 0x7F }
            rest = rest[key.endIndex...]
            guard !key.isEmpty, rest.popFirst() == "=", let value = value(&rest) else { return nil }
            pairs.append((String(key), value))
            guard rest.isEmpty || rest.popFirst() == " " else { return nil }
        }
        return pairs
    }

    private func value(_ rest: inout Substring.UnicodeScalarView) -> String? {
        guard rest.first == "\"" else {
            let value = rest.prefix { $0.value > 0x20 && $0 != "=" && $0 != "\"" && $0.value != 0x7F }
            rest = rest[value.endIndex...]
            return String(value)
        }
        rest.removeFirst()
        var quoted = "\""
        while let scalar = rest.popFirst() {
            quoted.unicodeScalars.append(scalar)
            if scalar == "\"" { return unquoted(quoted) }
            if scalar.value < 0x20 { return nil }
            if scalar == "\\", let escaped = rest.popFirst() { quoted.unicodeScalars.append(escaped) }
        }
        return nil
    }

    /// logfmt's escapes are those of JSON.
    private func unquoted(_ text: String) -> String? {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) as? String
    }
}
