// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Files of spans")
struct SpanFileTests {
    private static let zipkin = #"{"traceId":"a","id":"1","name":"n","localEndpoint":{"serviceName":"s"}}"#
    private static let version1 =
        #"{"traceId":"a","id":"2","name":"n","annotations":[{"timestamp":5,"value":"sr","endpoint":{"serviceName":"s"}}]}"#
    private static let resourceSpans =
        #"{"scopeSpans":[{"spans":[{"traceId":"0000000000000000000000000000000a","spanId":"0000000000000003"}]}]}"#
    private static let jaeger =
        #"{"traceID":"a","spans":[{"traceID":"a","spanID":"4","processID":"p1"}],"processes":{"p1":{"serviceName":"s"}}}"#

    /// The ids of the spans of a file that comes in parts of so many bytes.
    private func read(_ text: String, by size: Int = .max) throws -> [UInt64] {
        var reader = SpanFileReader()
        var spans: [SpanRecord] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            spans += try reader.push(rest.prefix(size)).flatMap { $0 }
            rest = rest.dropFirst(size)
        }
        return (spans + (try reader.finish().flatMap { $0 })).map(\.id.value)
    }

    private func problem(_ text: String) -> String? {
        do {
            _ = try read(text)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "every form is read, in parts of any size",
        arguments: [
            ("", []), ("[]", []), ("[\(zipkin)]", [1]), (" [ \(zipkin) ,\n\(zipkin) ] ", [1, 1]),
            ("[[\(zipkin)],[\(zipkin),\(zipkin)]]", [1, 1, 1]), ("[\(version1)]", [2]),
            (#"{"resourceSpans":[]}"#, []), (#"{"resourceSpans":[\#(resourceSpans),\#(resourceSpans)]}"#, [3, 3]),
            ("{\"resourceSpans\":[\(resourceSpans)]}\n{\"resourceSpans\":[\(resourceSpans)]}\n", [3, 3]),
            (#"{"result":{"resourceSpans":[\#(resourceSpans)]}}"#, [3]), (jaeger, [4]),
            ("[\(jaeger),\(jaeger)]", [4, 4]),
            (#"{"data":[\#(jaeger)],"total":0,"limit":0,"offset":0,"errors":null}"#, [4]),
            (#"{"other":{"a":["]}",1]},"x":"\"{","data":[\#(jaeger)]}"#, [4]),
        ] as [(String, [UInt64])]
    )
    func forms(text: String, ids: [UInt64]) throws {
        for size in [1, 2, 7, 64, Int.max] { #expect(try read(text, by: size) == ids, "\(size)") }
    }

    @Test(
        "what is wrong is said, and where",
        arguments: [
            ("[\(zipkin)", "the file ends at byte 72, in the middle of a span or a list"),
            ("[{", "the file ends at byte 2, in the middle of a span or a list"),
            ("{}", "found no spans: expected a list of Zipkin's spans, OTLP's resourceSpans or Jaeger's data"),
            ("hello", "byte 0 belongs to no list of spans in JSON"),
            ("[1]", "byte 1 belongs to no list of spans in JSON"),
            ("[]]", "a bracket too many at byte 2"), ("[}", "a bracket too many at byte 1"),
            (
                #"[{"traceId":"x"}]"#,
                "in what begins at byte 1: x should be lower-hex encoded with no prefix reading List<Span> from json"
            ),
            (
                #"{"data":[{"spans":[{}]}]}"#,
                "in what begins at byte 9: span 0: traceID is not 1 to 32 hexadecimal digits"
            ),
            (#"{"data":[{}]}"#, "in what begins at byte 9: a trace of Jaeger's needs spans"),
            (#"{"a":[[[[[[[[[[[["#, "unknown lists within lists at byte 12"),
        ]
    )
    func problems(text: String, expected: String) {
        #expect(problem(text) == expected)
    }

    @Test("many spans come in batches that fit into a post")
    func batches() throws {
        let file = Array("[\(Array(repeating: Self.zipkin, count: 5001).joined(separator: ","))]".utf8)
        var reader = SpanFileReader()
        let batches = try reader.push(file) + reader.finish()
        #expect(batches.map(\.count) == [2000, 2000, 1001])
    }

    @Test("a piece may not be larger than the memory that is meant for it")
    func largest() {
        var splitter = SpanFileSplitter(largestPiece: 10)
        #expect(throws: SpanFileSplitter.Malformed(description: "what begins at byte 1 has more than 10 bytes")) {
            try splitter.push(Array("[{\"aaaaaaaaaaaaa".utf8)) { _ in }
        }
    }
}
