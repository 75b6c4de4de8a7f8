// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatBytes

/// The text that an appending closure writes.
func text(_ write: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    write(&bytes)
    return String(decoding: bytes, as: UTF8.self)
}

@Suite("Numbers as text")
struct NumberTests {
    @Test("nothing appended is nothing written")
    func empty() {
        #expect(text { _ in }.isEmpty)
        #expect(text { $0.append(text: "") }.isEmpty)
        #expect(text { $0.append(literal: "") }.isEmpty)
    }

    @Test("what is there already stays in front of what is appended")
    func appends() {
        var bytes = Array("a=".utf8)
        bytes.append(decimal: UInt64(7), width: 3)
        #expect(String(decoding: bytes, as: UTF8.self) == "a=007")
    }

    @Test("texts and literals arrive byte for byte, beyond ASCII too", arguments: ["a", "ä", "\u{1F426}", "a\0b"])
    func texts(_ sample: String) {
        #expect(text { $0.append(text: sample) } == sample)
        #expect(text { $0.append(literal: "→ü") } == "→ü")
    }

    @Test(
        "integers are written in base 10, the extremes of their types included",
        arguments: [0, 1, 9, 10, 11, 99, 100, 1_000_000_007, .max, -1, -10, .min] as [Int64]
    )
    func integers(_ value: Int64) {
        #expect(text { $0.append(decimal: value) } == String(value))
    }

    @Test("the largest unsigned number and the small types are written whole")
    func otherTypes() {
        #expect(text { $0.append(decimal: UInt64.max) } == "18446744073709551615")
        #expect(text { $0.append(decimal: Int8.min) } == "-128")
        #expect(text { $0.append(decimal: UInt16.max) } == "65535")
    }

    @Test(
        "a width fills zeros at the left and never cuts digits",
        arguments: [(0, 0, "0"), (0, 4, "0000"), (7, 2, "07"), (1234, 4, "1234"), (12345, 4, "12345"), (5, -1, "5")]
    )
    func widths(value: UInt64, width: Int, expected: String) {
        #expect(text { $0.append(decimal: value, width: width) } == expected)
    }

    @Test(
        "hexadecimal has always sixteen lower-case digits",
        arguments: [
            (0, "0000000000000000"), (0xAB, "00000000000000ab"), (0x0123_4567_89AB_CDEF, "0123456789abcdef"),
            (.max, "ffffffffffffffff"),
        ] as [(UInt64, String)]
    )
    func hexadecimal(value: UInt64, expected: String) {
        #expect(text { $0.append(hex: value) } == expected)
    }
}

@Suite("Floating-point numbers as text")
struct DoubleTests {
    @Test(
        "whole numbers have no fraction, others are the shortest text",
        arguments: [
            (0, "0"), (-0.0, "-0"), (1, "1"), (-1, "-1"), (0.1, "0.1"), (-2.5, "-2.5"), (1e15, "1000000000000000"),
            (9_007_199_254_740_991, "9007199254740991"), (9_007_199_254_740_992, "9007199254740992"),
            (-18_014_398_509_481_982, "-18014398509481982"), (1e300, "1e+300"), (-1e300, "-1e+300"),
            (.leastNonzeroMagnitude, "5e-324"), (0.30000000000000004, "0.30000000000000004"),
        ] as [(Double, String)]
    )
    func finite(value: Double, expected: String) {
        #expect(text { $0.append(double: value) } == expected)
    }

    @Test("infinities and NaN are spelled as Prometheus spells them")
    func notFinite() {
        #expect(text { $0.append(double: .infinity) } == "+Inf")
        #expect(text { $0.append(double: -.infinity) } == "-Inf")
        #expect(text { $0.append(double: .nan) } == "NaN")
        #expect(text { $0.append(double: -Double.nan) } == "NaN")
    }

    @Test("every text reads back as the same number and never ends in a bare fraction")
    func readsBack() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            let written = text { $0.append(double: value) }
            #expect(try #require(Double(written)).bitPattern == value.bitPattern)
            #expect(!written.hasSuffix(".0"))
        }
        for exponent in 0..<1023 {
            let value = Double(sign: .plus, exponent: exponent, significand: 1)
            let written = text { $0.append(double: value) }
            #expect(Double(written) == value)
            #expect(!written.hasSuffix(".0"))
        }
    }
}
