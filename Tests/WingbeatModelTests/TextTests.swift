// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel

@Suite("Lists and escapes in headers")
struct TextTests {
    @Test("an empty list has no elements", arguments: ["", " ", ",", ",,", " , \t,"])
    func emptyList(_ text: String) {
        #expect(commaSeparated(text).isEmpty)
    }

    @Test(
        "elements come without the white space around them, and empty ones not at all",
        arguments: [
            ("a", ["a"]), ("a,b", ["a", "b"]), (" a , b ", ["a", "b"]), ("\ta\t,,b,", ["a", "b"]),
            ("a b, c", ["a b", "c"]), ("a=1;q=0,b", ["a=1;q=0", "b"]), ("\u{A0}a", ["\u{A0}a"]),
        ]
    )
    func lists(text: String, elements: [Substring]) {
        #expect(commaSeparated(text) == elements)
        #expect(commaSeparated(Substring(text)) == elements)
    }

    @Test("spaces and tabs go from both ends, and only from there", arguments: ["a b", " a b", "a b\t ", " \t a b "])
    func trimming(_ text: Substring) {
        #expect(text.trimmingSpaces == "a b")
    }

    @Test("trimming nothing, or nothing but spaces, leaves nothing", arguments: ["", " ", "\t \t"])
    func trimmingNothing(_ text: Substring) {
        #expect(text.trimmingSpaces.isEmpty)
    }

    @Test(
        "percent escapes are decoded, everything else stays",
        arguments: [
            ("", ""), ("a", "a"), ("a+b c", "a+b c"), ("%41", "A"), ("a%2Cb", "a,b"), ("a%2cb", "a,b"), ("%25", "%"),
            ("%2525", "%25"), ("%C3%A9", "é"), ("é%20", "é "), ("%F0%9F%90%A6", "\u{1F426}"), ("%00", "\0"),
        ] as [(Substring, String)]
    )
    func decoding(text: Substring, expected: String) {
        #expect(text.percentDecoded() == expected)
    }

    @Test(
        "a percent sign without two hexadecimal digits after it is refused",
        arguments: [
            "%", "%4", "a%", "a%4", "%%41", "%4g", "%g4", "%+4", "% 4", "%-1", "%é", "%\u{FF11}\u{FF11}",
        ] as [Substring]
    )
    func damagedEscapes(_ text: Substring) {
        #expect(text.percentDecoded() == nil)
    }

    @Test(
        "bytes that are not UTF-8 are refused",
        arguments: ["%FF", "%C3", "%C3%28", "%ED%A0%80", "a%80b"] as [Substring]
    )
    func notUTF8(_ text: Substring) {
        #expect(text.percentDecoded() == nil)
    }
}
