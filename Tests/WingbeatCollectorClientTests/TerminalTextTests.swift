// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollectorClient

@Suite("Text for terminals")
struct TerminalTextTests {
    @Test(
        "durations",
        arguments: [
            (0, "0"), (1, "1 ns"), (999, "999 ns"), (1000, "1 µs"), (1250, "1.25 µs"), (12_345, "12.3 µs"),
            (999_999, "999 µs"), (1_000_000, "1 ms"), (1_050_000, "1.05 ms"), (350_000_000, "350 ms"),
            (1_500_000_000, "1.5 s"), (59_999_999_999, "59.9 s"), (60_000_000_000, "1 m"),
            (123_000_000_000, "2 m 3 s"), (3_600_000_000_000, "1 h"), (5_430_000_000_000, "1 h 30 m"),
            (UInt64.max, "5124095 h 34 m"),
        ]
    )
    func durations(nanoseconds: UInt64, text: String) {
        #expect(TimeLabel.duration(nanoseconds) == text)
    }

    @Test("times")
    func times() {
        #expect(TimeLabel.time(0) == "-")
        #expect(TimeLabel.time(1_700_000_000_123_456_789) == "2023-11-14T22:13:20.123Z")
    }

    @Test("texts are filled or cut to their columns")
    func fitted() {
        #expect(TerminalText.fitted("ab", to: 4) == "ab  ")
        #expect(TerminalText.fitted("ab", to: 4, isRight: true) == "  ab")
        #expect(TerminalText.fitted("abcde", to: 4) == "abc…")
        #expect(TerminalText.fitted("長い名", to: 4) == "長… ")
        #expect(TerminalText.fitted("", to: 0) == "")
        #expect(TerminalText.cut("ab", to: 0) == "")
        #expect(TerminalText.width("長 e\u{301}") == 4)
    }

    @Test("a table is as wide as its cells, and the last column is cut")
    func table() {
        var table = TextTable(["NAME", "N"], rightAligned: [1])
        #expect(table.lines() == ["NAME  N"])
        table.append(["a", "10"])
        table.append(["longer", "7"])
        table.append(["\u{1B}x"])
        #expect(table.lines() == ["NAME      N", "a        10", "longer    7", #"\u{1b}x"#])
        #expect(table.lines(width: 9) == ["NAME    …", "a       …", "longer  …", #"\u{1b}x"#])
    }
}
