// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import WingbeatCollectorClickHouse

@Suite("Texts in statements")
struct StatementTests {
    @Test(
        "Nothing in a text ends its literal",
        arguments: [
            ("", "''"), ("plain", "'plain'"), ("it's", #"'it\'s'"#), (#"\"#, #"'\\'"#), (#"\'"#, #"'\\\''"#),
            ("'; DROP TABLE spans --", #"'\'; DROP TABLE spans --'"#), ("a\u{0}\nb", "'a\u{0}\nb'"),
            ("e\u{301}'\u{301}", "'e\u{301}\\'\u{301}'"),
        ]
    )
    func literals(_ text: String, _ literal: String) {
        #expect(Array(SQL.text(text).unicodeScalars) == Array(literal.unicodeScalars))
    }

    @Test("A name is quoted with its own sign")
    func names() {
        #expect(SQL.name("a`b'c\\") == #"`a\`b'c\\`"#)
    }
}

@Suite("Rows in binary")
struct RowBinaryTests {
    @Test("Numbers are written lowest byte first, texts and lists behind their length")
    func golden() {
        var rows = RowWriter()
        rows.append(UInt8(7))
        rows.append(Int64(-2))
        rows.append("né")
        rows.append([0xFF, 0x00])
        rows.append(list: ["a", ""])
        rows.append(count: 300)
        #expect(
            rows.bytes == [
                7, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 3, 0x6E, 0xC3, 0xA9, 2, 0xFF, 0, 2, 1, 0x61, 0,
                0xAC, 0x02,
            ]
        )
    }

    @Test("What was written is read")
    func roundTrip() throws {
        var rows = RowWriter()
        rows.append(UInt64.max)
        rows.append("text")
        rows.append([UInt8](repeating: 9, count: 200))
        var reader = RowReader(rows.bytes)
        #expect(try reader.number(UInt64.self) == .max)
        #expect(try reader.text() == "text")
        #expect(try reader.data() == [UInt8](repeating: 9, count: 200))
        #expect(reader.isAtEnd)
    }

    @Test(
        "An answer that is cut or damaged is refused",
        arguments: [[], [5, 1], [0xFF], [UInt8](repeating: 0xFF, count: 12)] as [[UInt8]]
    )
    func damaged(_ bytes: [UInt8]) {
        #expect(throws: RowReader.Damaged.self) {
            var reader = RowReader(bytes)
            _ = try reader.text()
        }
        #expect(throws: RowReader.Damaged.self) {
            var reader = RowReader(Array(bytes.prefix(7)))
            _ = try reader.number(UInt64.self)
        }
    }
}
