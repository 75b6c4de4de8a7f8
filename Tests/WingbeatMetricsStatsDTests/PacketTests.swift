// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatModel

@testable import WingbeatMetricsStatsD

@Suite("StatsD packets")
struct PacketTests {
    @Test func `are filled up to their size and not beyond`() {
        var encoding = Encoding()
        encoding.configuration.maximumPacketSize = 15
        let families = [counter("abc", 1), counter("def", 2), counter("ghi", 3)]
        #expect(encoding.packets(families) == ["abc:1|c\ndef:2|c", "ghi:3|c"])
        encoding.configuration.maximumPacketSize = 14
        #expect(encoding.packets(families) == ["abc:1|c", "def:2|c", "ghi:3|c"])
    }

    @Test func `hold a longer line alone`() {
        var encoding = Encoding()
        encoding.configuration.maximumPacketSize = 10
        let long = String(repeating: "x", count: 100)
        #expect(
            encoding.packets([counter("a", 1), counter(long, 2), counter("b", 3)]) == ["a:1|c", "\(long):2|c", "b:3|c"]
        )
    }

    @Test func `do not part the lines of a negative gauge`() {
        var encoding = Encoding()
        encoding.configuration.maximumPacketSize = 14
        #expect(encoding.packets([counter("a", 1), gauge("g", -1)]) == ["a:1|c", "g:0|g\ng:-1|g"])
    }

    @Test func `are as large as the way carries`() {
        #expect(StatsDConfiguration().maximumPacketSize == 1432)
        #expect(StatsDConfiguration(address: .unix(path: "/run/s")).maximumPacketSize == 8192)
    }

    @Test func `hold whatever the data are only lines that can be read`() {
        var random = SeededGenerator(seed: 3)
        let alphabet = Array("aZ0_-./:|@#,= \n\r\t\0ä€🐦\u{301}")
        let text = { (random: inout SeededGenerator) in
            String(
                (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) }
            )
        }
        for dialect in [StatsDDialect.statsD, .dogStatsD, .telegraf] {
            for _ in 0..<500 {
                let labels = LabelSet((0..<3).map { _ in (text(&random), text(&random)) })
                let lines = Encoding(dialect).packets([counter(text(&random), 7, labels)])
                #expect(lines.count == 1)
                #expect(lines.first.map { isLine($0, dialect) } == true, "\(lines)")
            }
        }
    }

    /// One line, with the value 7 at its place.
    private func isLine(_ text: String, _ dialect: StatsDDialect) -> Bool {
        switch dialect.tagStyle {
        case .partsOfName: text.wholeMatch(of: /[A-Za-z0-9_.-]+:7\|c/) != nil
        case .afterValue:
            text.wholeMatch(of: /[A-Za-z0-9_.-]+:7\|c(\|#[^:,|@#\s=]+:[^,|@#\s=]*(,[^:,|@#\s=]+:[^,|@#\s=]*)*)?/) != nil
        case .afterName: text.wholeMatch(of: /[A-Za-z0-9_.-]+(,[^:,|@#\s=]+=[^:,|@#\s=]+)*:7\|c/) != nil
        }
    }
}
