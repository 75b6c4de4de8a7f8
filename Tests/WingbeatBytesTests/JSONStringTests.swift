// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing
import WingbeatBytes

@Suite("JSON strings")
struct JSONStringTests {
    @Test("the empty string is two quotes, and nothing without them")
    func empty() {
        #expect(text { $0.append(jsonString: "") } == "\"\"")
        #expect(text { $0.append(jsonEscaped: "") }.isEmpty)
    }

    @Test(
        "quote, backslash and the common control characters have their short escapes",
        arguments: [
            ("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\r", #"\r"#), ("\t", #"\t"#), ("\r\n", #"\r\n"#),
            ("\\n", #"\\n"#), ("a\"b\\c\nd", #"a\"b\\c\nd"#),
        ]
    )
    func shortEscapes(sample: String, expected: String) {
        #expect(text { $0.append(jsonEscaped: sample) } == expected)
        #expect(text { $0.append(jsonString: sample) } == "\"\(expected)\"")
    }

    @Test("every other control character is written with four digits", arguments: 0..<0x20)
    func controlCharacters(value: Int) throws {
        let scalar = try #require(Unicode.Scalar(value))
        guard !"\n\r\t".unicodeScalars.contains(scalar) else { return }
        let digits = String(value, radix: 16)
        let expected = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        #expect(text { $0.append(jsonEscaped: String(scalar)) } == expected)
    }

    @Test("the line separators of JavaScript are escaped, their neighbours are not")
    func lineSeparators() {
        #expect(text { $0.append(jsonEscaped: "a\u{2028}b\u{2029}c") } == #"a\u2028b\u2029c"#)
        #expect(text { $0.append(jsonEscaped: "\u{2027}\u{202A}\u{2068}") } == "\u{2027}\u{202A}\u{2068}")
    }

    @Test(
        "what needs no escape stays as it is",
        arguments: [
            "/", "<script>&amp;'", "\u{7F}", "é", "e\u{301}", "日本語", "\u{1F426}\u{200D}\u{2B1B}", "\u{FFFD}",
            "\u{10FFFF}",
        ]
    )
    func untouched(_ sample: String) {
        #expect(text { $0.append(jsonEscaped: sample) } == sample)
    }

    @Test("a control character after an emoji, and one that joins a combining mark, are still escaped")
    func amongGraphemes() {
        #expect(text { $0.append(jsonEscaped: "\u{1F426}\n\u{1F426}") } == "\u{1F426}\\n\u{1F426}")
        let written = text { $0.append(jsonEscaped: "\"\u{301}") }
        #expect(Array(written.utf8) == Array("\\".utf8) + [0x22, 0xCC, 0x81])
    }

    @Test("random texts come back from Foundation's parser unchanged")
    func readsBack() throws {
        var generator = SeededGenerator(seed: 42)
        let ranges: [ClosedRange<UInt32>] = [0...0x7F, 0...0x1F, 0x80...0xD7FF, 0x2020...0x2030, 0xE000...0x10FFFF]
        for _ in 0..<2_000 {
            var sample = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...20, using: &generator) {
                let range = try #require(ranges.randomElement(using: &generator))
                sample.append(try #require(Unicode.Scalar(UInt32.random(in: range, using: &generator))))
            }
            var bytes: [UInt8] = []
            bytes.append(jsonString: String(sample))
            let parsed = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            #expect(Array(try #require(parsed as? String).utf8) == Array(String(sample).utf8))
            #expect(!bytes.contains(10))
        }
    }
}
