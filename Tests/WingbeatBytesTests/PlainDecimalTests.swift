// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatBytes

@Suite("Numbers without an exponent")
struct PlainDecimalTests {
    @Test(
        "the text is the shortest, without exponent and without needless zeros",
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (-1, "-1"), (100, "100"), (0.1, "0.1"), (-3.5, "-3.5"), (12.25, "12.25"),
            (0.000001, "0.000001"), (-1.5e-7, "-0.00000015"), (1e16, "10000000000000000"),
            (1.5e17, "150000000000000000"), (9007199254740992, "9007199254740992"), (.infinity, "0"), (.nan, "0"),
        ] as [(Double, String)]
    )
    func shortest(value: Double, expected: String) {
        #expect(text { $0.append(plainDecimal: value) } == expected)
    }

    @Test(
        "a power of ten moves the point and rounds nothing",
        arguments: [
            (0.0123, 3, "12.3"), (0.001234567, 3, "1.234567"), (1, 3, "1000"), (1.5, 1, "15"), (1e-9, 3, "0.000001"),
            (2.5e20, 3, "250000000000000000000000"), (1200, -3, "1.2"), (-0.0005, 3, "-0.5"),
        ]
    )
    func scaled(value: Double, power: Int, expected: String) {
        #expect(text { $0.append(plainDecimal: value, timesTenTo: power) } == expected)
    }

    @Test("any number reads back as itself, the extremes too")
    func readsBack() {
        var random = SeededGenerator(seed: 7)
        let extremes = [Double.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .ulpOfOne]
        for value in extremes + (0..<20_000).map({ _ in Double(bitPattern: random.next()) }) where value.isFinite {
            let written = text { $0.append(plainDecimal: value) }
            #expect(Double(written) == value)
            #expect(!written.contains("e"))
        }
    }
}
