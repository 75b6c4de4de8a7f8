// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetricsPush
import WingbeatModel

@Suite("Messages of a limited size")
struct MessagePackerTests {
    @Test("nothing makes no message")
    func empty() {
        #expect(MessagePacker(limit: 10).messages.isEmpty)
        #expect(packed(["", ""], limit: 10).isEmpty)
    }

    @Test(
        "pieces fill a message up to the limit, and a larger one is alone",
        arguments: [
            (["aaa", "bbb"], 6, ["aaabbb"]), (["aaa", "bbb"], 5, ["aaa", "bbb"]),
            (["a", "bbbbbbb", "c", "d"], 3, ["a", "bbbbbbb", "cd"]), (["aa", "bb"], 0, ["aa", "bb"]),
        ]
    )
    func limit(pieces: [String], limit: Int, expected: [String]) {
        #expect(packed(pieces, limit: limit) == expected)
    }

    @Test(
        "what separates the pieces of a message counts, and stands at no end",
        arguments: [(7, ["aaa\nbbb", "c"]), (6, ["aaa", "bbb\nc"]), (9, ["aaa\nbbb\nc"])]
    )
    func separator(limit: Int, expected: [String]) {
        #expect(packed(["aaa", "bbb", "c"], limit: limit, separator: "\n") == expected)
    }

    private func packed(_ pieces: [String], limit: Int, separator: String = "") -> [String] {
        var packer = MessagePacker(limit: limit, separator: separator)
        for piece in pieces { packer.append(Array(piece.utf8)) }
        return packer.messages.map { String(decoding: $0, as: UTF8.self) }
    }
}

@Suite("Labels of an exporter")
struct ExportedLabelsTests {
    @Test("the series' own win, the empty ones are left out, and the names stay sorted")
    func exported() {
        let series: LabelSet = ["b": "series", "c": "", "": "nameless", "z": "1"]
        let found = series.exported(with: ["b": "own", "a": "own", "c": "own"])
        #expect(found == [Label("a", "own"), Label("b", "series"), Label("z", "1")])
        #expect(LabelSet.empty.exported(with: .empty).isEmpty)
    }
}
