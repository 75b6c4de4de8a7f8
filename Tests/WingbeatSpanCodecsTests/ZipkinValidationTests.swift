// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("What is wrong with a post is said in Zipkin's words")
struct ZipkinValidationTests {
    private static let reading = " reading List<Span> from json"

    @Test("what is no list is refused", arguments: ["", " ", "{}", "null", "\"[]\"", "hello", "\u{FEFF}[]"])
    func noList(json: String) {
        #expect(refusal(of: json) == "Expected a JSON_V2 encoded list\n")
    }

    @Test("spans of Zipkin's first version are refused instead of losing their tags")
    func firstVersion() {
        let json = """
            [{"traceId":"1","id":"1","name":"get","annotations":[],"binaryAnnotations":[{"key":"a","value":"b"}]}]
            """
        #expect(refusal(of: json) == "Expected a JSON_V2 encoded list, but received: JSON_V1\n")
    }

    @Test(
        "a bad id is named",
        arguments: [
            (#"[{"traceId":"","id":"1"}]"#, "traceId is empty"),
            (#"[{"traceId":"012345678901234567890123456789012","id":"1"}]"#, "traceId.length > 32"),
            (#"[{"traceId":"0000000000000000","id":"1"}]"#, "traceId is all zeros"),
            (#"[{"traceId":"00000000000000000000000000000000","id":"1"}]"#, "traceId is all zeros"),
            (#"[{"traceId":"ABC","id":"1"}]"#, "ABC should be lower-hex encoded with no prefix"),
            (#"[{"traceId":"0x1","id":"1"}]"#, "0x1 should be lower-hex encoded with no prefix"),
            (#"[{"traceId":"é","id":"1"}]"#, "é should be lower-hex encoded with no prefix"),
            (#"[{"traceId":"1","id":""}]"#, "id is empty"),
            (#"[{"traceId":"1","id":"01234567890123456"}]"#, "id.length > 16"),
            (#"[{"traceId":"1","id":"0000000000000000"}]"#, "id is all zeros"),
            (#"[{"traceId":"1","id":"G"}]"#, "G should be lower-hex encoded with no prefix"),
            (#"[{"traceId":"1","id":"2","parentId":""}]"#, "parentId is empty"),
            (#"[{"traceId":"1","id":"2","parentId":"01234567890123456"}]"#, "parentId.length > 16"),
            (#"[{"traceId":"1","id":"2","parentId":"A"}]"#, "A should be lower-hex encoded with no prefix"),
            (#"[{"traceId":null,"id":"1"}]"#, "No value at $[0].traceId"),
            (#"[{"traceId":"1","id":null}]"#, "No value at $[0].id"),
            (#"[{"id":"1"}]"#, "$[0]: missing traceId"),
            (#"[{"traceId":"1"}]"#, "$[0]: missing id"),
            (#"[{"traceId":"1","id":"1"},{}]"#, "$[1]: missing traceId"),
        ]
    )
    func identifiers(json: String, text: String) {
        #expect(refusal(of: json) == text + Self.reading)
    }

    @Test(
        "a bad field is named with its place",
        arguments: [
            (#""tags":{"foo":null}"#, "No value at $[0].tags.foo"),
            (#""tags":{"a":"b","foo":1}"#, "Expected a string at $[0].tags.foo"),
            (#""tags":{"foo":true}"#, "Expected a string at $[0].tags.foo"),
            (
                #""annotations":[{"timestamp":null,"value":"x"}]"#,
                "Incomplete annotation at $[0].annotations[0].timestamp"
            ),
            (#""annotations":[{"timestamp":1,"value":null}]"#, "Incomplete annotation at $[0].annotations[0].value"),
            (#""annotations":[{"value":"x"}]"#, "Incomplete annotation at $[0].annotations[0].timestamp"),
            (#""annotations":[{"timestamp":0,"value":"x"}]"#, "Incomplete annotation at $[0].annotations[0].timestamp"),
            (
                #""annotations":[{"timestamp":1,"value":"x"},{"timestamp":1}]"#,
                "Incomplete annotation at $[0].annotations[1].value"
            ),
            (#""kind":"client""#, "$[0].kind is client, expected CLIENT, SERVER, PRODUCER or CONSUMER"),
            (#""kind":"INTERNAL""#, "$[0].kind is INTERNAL, expected CLIENT, SERVER, PRODUCER or CONSUMER"),
            (#""localEndpoint":{"port":65536}"#, "invalid port 65536"),
            (#""remoteEndpoint":{"port":"70000"}"#, "invalid port 70000"),
            (
                #""timestamp":18446744073709552"#,
                "$[0].timestamp is 18446744073709552 µs, which is out of range"
            ),
        ]
    )
    func fields(fields: String, text: String) {
        #expect(refusal(of: span(fields)) == text + Self.reading)
    }

    @Test(
        "malformed JSON is refused with the place of the mistake",
        arguments: [
            ("[", "expected '{' at byte 1, but the input ends"),
            ("[1]", "expected '{' at byte 1, but found \"1\""),
            ("[{]", "expected a key at byte 2, but found \"]\""),
            ("[] []", "expected the end of the input at byte 3, but found \"[\""),
            ("[{\"traceId\":\"1\"", "expected '}' at byte 15, but the input ends"),
            ("[{\"traceId\":1}]", "expected '\"' at byte 12, but found \"1\""),
        ]
    )
    func malformed(json: String, text: String) {
        #expect(refusal(of: json) == "Malformed reading List<Span> from json: " + text)
    }

    @Test(
        "JSON that a strict reader refuses is refused",
        arguments: [
            #""name":"a","#, #""name":'a'"#, #"name:"a""#, #""name":"a" "b":1"#, #""x":01"#, #""x":1."#, #""x":.5"#,
            #""x":+1"#, #""x":-"#, #""x":1e"#, #""x":NaN"#, #""x":nul"#, #""x":tru"#, #""x":[1,]"#, #""x":{"a":1,}"#,
            #""x":{"a"}"#, "\"name\":\"line\nbreak\"", #""name":"\x""#, #""name":"\u12"#, #""name":"\u12g4""#,
            #""debug":"true""#, #""debug":1"#, #""timestamp":1.5"#, #""timestamp":9223372036854775808"#,
            #""timestamp":"soon""#, #""timestamp":true"#, #""tags":[]"#, #""annotations":{}"#, #""localEndpoint":"a""#,
            #""name":1"#, "/* no */",
        ]
    )
    func strict(fields: String) {
        #expect(refusal(of: span(fields))?.hasPrefix("Malformed reading List<Span> from json: ") == true)
    }
}
