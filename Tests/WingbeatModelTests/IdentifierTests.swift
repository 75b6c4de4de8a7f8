// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel

@Suite("Trace and span ids")
struct IdentifierTests {
    @Test("an empty text is no id")
    func empty() {
        #expect(TraceID(hex: "") == nil)
        #expect(SpanID(hex: "") == nil)
    }

    @Test("all zeros is no id, in any length")
    func zeros() {
        #expect(TraceID(high: 0, low: 0) == nil)
        #expect(SpanID(0) == nil)
        for length in 1...32 { #expect(TraceID(hex: String(repeating: "0", count: length)) == nil) }
        for length in 1...16 { #expect(SpanID(hex: String(repeating: "0", count: length)) == nil) }
    }

    @Test("64 bits stay sixteen digits, and are filled up where thirty-two are asked for")
    func short() throws {
        let id = try #require(TraceID(hex: "463ac35c9f6413ad"))
        #expect(id.high == 0)
        #expect(id.low == 0x463a_c35c_9f64_13ad)
        #expect(id.hex == "463ac35c9f6413ad")
        #expect(id.hex32 == "0000000000000000463ac35c9f6413ad")
        #expect("\(id)" == id.hex)
    }

    @Test("128 bits keep both halves")
    func long() throws {
        let id = try #require(TraceID(hex: "463ac35c9f6413ad48485a3953bb6124"))
        #expect(id.high == 0x463a_c35c_9f64_13ad)
        #expect(id.low == 0x4848_5a39_53bb_6124)
        #expect(id.hex == "463ac35c9f6413ad48485a3953bb6124")
        #expect(id.hex32 == id.hex)
        #expect(TraceID(high: id.high, low: id.low) == id)
    }

    @Test("an id with a high half only is valid and keeps its zeros")
    func highOnly() throws {
        let id = try #require(TraceID(high: 1, low: 0))
        #expect(id.hex == "00000000000000010000000000000000")
        #expect(TraceID(hex: id.hex) == id)
    }

    @Test("filled up with zeros or not, it is the same 64-bit trace")
    func leftPadding() throws {
        let short = try #require(TraceID(hex: "463ac35c9f6413ad"))
        #expect(TraceID(hex: "0000000000000000463ac35c9f6413ad") == short)
        #expect(TraceID(hex: "00463ac35c9f6413ad") == short)
    }

    @Test("upper case is read and written as lower case")
    func upperCase() throws {
        let trace = try #require(TraceID(hex: "463AC35C9F6413AD48485A3953BB6124"))
        #expect(trace.hex == "463ac35c9f6413ad48485a3953bb6124")
        #expect(try #require(SpanID(hex: "A2FB4A1D1A96D312")).hex == "a2fb4a1d1a96d312")
    }

    @Test("few digits are read as the low ones", arguments: 1...32)
    func fewDigits(length: Int) throws {
        let digits = String("0123456789abcdeffedcba9876543210".suffix(length - 1)) + "7"
        let id = try #require(TraceID(hex: digits))
        let filled = String(repeating: "0", count: 32 - length) + digits
        #expect(id.hex32 == filled)
        if length <= 16 { #expect(try #require(SpanID(hex: digits)).hex == filled.suffix(16)) }
    }

    @Test("one digit too many is no id")
    func tooLong() {
        #expect(TraceID(hex: "1" + String(repeating: "0", count: 32)) == nil)
        #expect(TraceID(hex: String(repeating: "0", count: 32) + "1") == nil)
        #expect(SpanID(hex: "10000000000000000") == nil)
        #expect(SpanID(hex: "00000000000000001") == nil)
    }

    @Test(
        "anything but hexadecimal digits is no id",
        arguments: [
            "g", " 1", "1 ", "+1", "-1", "0x1", "1_0", "1\n", "\0", "１", "é", "463ac35c9f6413ad48485a3953bb612g",
        ]
    )
    func junk(_ text: String) {
        #expect(TraceID(hex: text) == nil)
        #expect(SpanID(hex: text) == nil)
    }

    @Test("part of a larger text can be read without copying it")
    func substrings() throws {
        let header = "00-463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312-01"
        let parts = header.split(separator: "-")
        #expect(TraceID(hex: parts[1])?.hex == "463ac35c9f6413ad48485a3953bb6124")
        #expect(SpanID(hex: parts[2])?.value == 0xa2fb_4a1d_1a96_d312)
    }

    @Test("a span id shows all sixteen digits")
    func spanDescription() throws {
        let id = try #require(SpanID(0xAB))
        #expect(id.hex == "00000000000000ab")
        #expect("\(id)" == id.hex)
        #expect(SpanID(hex: "ab") == id)
    }
}
