// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatSpanCodecs

@Suite("JSON as a tree")
struct JSONValueTests {
    private func read(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8)) }

    @Test("every kind of value, and members in their order")
    func values() throws {
        let value = try read(#" {"a":[1,-2.5e1,"3",true,null],"b":{"c":"\u00e9"},"a2":{}} "#)
        #expect(value.members.map(\.name) == ["a", "b", "a2"])
        #expect(value["a"]?.elements == [.number("1"), .number("-2.5e1"), .string("3"), .bool(true), .null])
        #expect(value["a"]?.elements.map(\.integer) == [1, -25, 3, nil, nil])
        #expect(value["a"]?.elements.map(\.double) == [1, -25, 3, nil, nil])
        #expect(value["b"]?["c"]?.string == "é")
        #expect(value["a2"] == .object([]))
        #expect(value["missing"] == nil)
    }

    @Test("of members with one name the last counts, and numbers beyond 64 bits are none")
    func corners() throws {
        #expect(try read(#"{"a":1,"a":2}"#)["a"]?.integer == 2)
        #expect(
            try read("[9223372036854775807,9223372036854775808,1e999,1.5]").elements.map(\.integer) == [
                .max, nil, nil, nil,
            ]
        )
    }

    @Test("what is no JSON is refused", arguments: ["", "{", "[1,]", "{\"a\"}", "1 2", "tru", "\"\u{1}\"", "nul"])
    func malformed(text: String) {
        #expect(throws: SpanDecodingError.self) { try read(text) }
    }

    @Test("nesting is limited")
    func depth() throws {
        #expect(try read(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).elements.count == 1)
        #expect(throws: SpanDecodingError.self) { try read(String(repeating: "[", count: 65)) }
        #expect(throws: SpanDecodingError.self) { try read(String(repeating: "{\"a\":", count: 100_000)) }
    }
}
