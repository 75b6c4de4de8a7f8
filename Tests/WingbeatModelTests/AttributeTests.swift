// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WingbeatModel

@Suite("Attributes")
struct AttributeTests {
    @Test("an empty text shows as nothing, an empty list as brackets")
    func empty() {
        #expect("\(AttributeValue.string(""))".isEmpty)
        #expect("\(AttributeValue.array([]))" == "[]")
    }

    @Test("literals make values of their own types")
    func literals() {
        #expect(("GET" as AttributeValue) == .string("GET"))
        #expect((true as AttributeValue) == .bool(true))
        #expect((42 as AttributeValue) == .int(42))
        #expect((4.0 as AttributeValue) == .double(4))
        #expect((4.0 as AttributeValue) != .int(4))
        #expect(Attribute("a", "b") == Attribute("a", .string("b")))
    }

    @Test(
        "values show as Zipkin's tags do",
        arguments: [
            (.string("a\"b"), "a\"b"), (.bool(true), "true"), (.bool(false), "false"), (.int(.min), "\(Int64.min)"),
            (.double(0.5), "0.5"), (.array([1, 2.5, true, "x"]), #"[1,2.5,true,"x"]"#),
            (.array(["a\"b\\c\n\u{1}", .array([.string("")])]), #"["a\"b\\c\n\u0001",[""]]"#),
        ] as [(AttributeValue, String)]
    )
    func descriptions(value: AttributeValue, expected: String) {
        #expect("\(value)" == expected)
    }

    @Test("a list is always JSON, whatever is in it")
    func listsAreJSON() throws {
        let controls = String(String.UnicodeScalarView((0..<0x20).compactMap { Unicode.Scalar($0) }))
        let bird: AttributeValue = "\u{1F426}\u{2028}"
        let list = AttributeValue.array([.string(controls), bird, .double(.nan), .double(.infinity), 1e300])
        let parsed = try JSONSerialization.jsonObject(with: Data("\(list)".utf8))
        let values = try #require(parsed as? [Any])
        #expect(values.count == 5)
        #expect(values[0] as? String == controls)
        #expect(values[1] as? String == "\u{1F426}\u{2028}")
        #expect(values[4] as? Double == 1e300)
    }
}
