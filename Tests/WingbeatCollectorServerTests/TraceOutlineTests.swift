// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatModel
import WingbeatSpanCodecs

@Suite("The outline of a trace")
struct TraceOutlineTests {
    /// A call from web to cart that both sides report under one id, in fragments, with the server's clock behind.
    static let call = """
        [{"traceId":"a","id":"1","name":"get","kind":"SERVER","timestamp":1000000,"duration":900,
          "localEndpoint":{"serviceName":"web","ipv4":"10.0.0.1"}},
         {"traceId":"a","id":"2","parentId":"1","name":"pay","kind":"CLIENT","timestamp":1000100,
          "localEndpoint":{"serviceName":"web","ipv4":"10.0.0.1"}},
         {"traceId":"a","id":"2","parentId":"1","kind":"CLIENT","duration":400,"tags":{"error":"late"},
          "localEndpoint":{"serviceName":"web","ipv4":"10.0.0.1"},"annotations":[{"timestamp":1000200,"value":"x"}]},
         {"traceId":"a","id":"2","parentId":"1","name":"pay","kind":"SERVER","shared":true,"timestamp":999000,
          "duration":200,"debug":true,"localEndpoint":{"serviceName":"Cart","ipv4":"10.0.0.2"}}]
        """

    private func server() async throws -> MemoryServer {
        let server = MemoryServer()
        #expect(try await server.post(Self.call).status == .accepted)
        return server
    }

    @Test("a span is one row a side, put together of its fragments, the earliest first")
    func rows() async throws {
        let response = try await server().get("/api/trace/a")
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "application/json")
        #expect(
            response.text == """
                {"traceId":"000000000000000a","startNs":"999000000","durationNs":1900000,\
                "names":["pay","get"],"services":["Cart","web"],"spans":[\
                ["0000000000000002","0000000000000001",0,0,2,0,200000,34,2],\
                ["0000000000000001",null,1,1,2,1000000,900000,0,1],\
                ["0000000000000002","0000000000000001",0,1,3,1100000,400000,9,1]],\
                "truncated":0,"problems":[]}
                """
        )
    }

    @Test("on demand clocks are adjusted: the server stands within the client, and says so")
    func adjusted() async throws {
        let text = try await server().get("/api/trace/a?adjust=true").text
        #expect(text.contains(#"["0000000000000002","0000000000000001",1,1,2,200000,200000,38,2]"#))
        #expect(text.contains(#""startNs":"1000000000","durationNs":900000,"#))
        #expect(text.contains(#""problems":["1 span was moved: clocks disagree"]"#))
    }

    @Test("what is odd about a trace is said")
    func problems() async throws {
        let server = MemoryServer()
        _ = try await server.post(#"[{"traceId":"b","id":"2","parentId":"1"},{"traceId":"b","id":"3","parentId":"1"}]"#)
        let text = try await server.get("/api/trace/b").text
        #expect(text.contains(#"["0000000000000002","0000000000000001",0,0,0,null,null,0,1]"#))
        #expect(text.contains(#""startNs":"0","durationNs":0,"names":[""],"services":[""]"#))
        #expect(
            text.contains(
                #""problems":["the trace has no root: the span that began it is missing","#
                    + #""2 spans name a parent that is missing","2 spans have no start"]"#
            )
        )
    }

    @Test("spans that are missing are counted, whoever left them out")
    func truncated() async throws {
        let server = MemoryServer { $0.maximumAnswerSpans = 2 }
        var spans = (1...3).compactMap { SpanID(UInt64($0)) }.map { SpanRecord(traceID: .smallest, id: $0) }
        for index in spans.indices { spans[index].startNanoseconds = UInt64(index + 1) * 1000 }
        spans[1].attributes = [Attribute(SpanIntake.droppedSpansKey, .int(40))]
        try await server.store.accept(spans)
        let text = try await server.get("/api/trace/1").text
        #expect(text.contains(#"["0000000000000002",null,0,0,0,1000,null,64,1]],"truncated":41,"#))
        #expect(
            text.contains(#""the trace has 3 roots","at least 40 more were not stored: the trace has too many spans","#)
        )
        #expect(text.contains(#""1 more are left out here: an answer may hold no more spans""#))
    }

    @Test("one span comes as OTLP, all its fragments with all that is known of them")
    func detail() async throws {
        let server = try await server()
        let response = try await server.get("/api/trace/a/spans/2")
        #expect(response.status == .ok)
        let spans = try OTLPJSONDecoder.decode(Array(response.body.readableBytesView)).spans
        let stored = try await server.store.trace(try #require(TraceID(hex: "a")))
        #expect(Set(spans) == Set(stored.filter { $0.id == SpanID(2) }))
        #expect(spans.count == 3)
    }

    @Test(
        "what is not there or no id is refused",
        arguments: [
            ("b", 404, "000000000000000b not found"), ("x", 400, "x should be lower-hex encoded with no prefix"),
            ("a/spans/7", 404, "000000000000000a has no span 0000000000000007"),
            ("a/spans/%3Cb%3E", 400, "%3Cb%3E is not 1 to 16 hexadecimal digits"),
            ("b/spans/1", 404, "000000000000000b not found"),
        ]
    )
    func refused(path: String, status: Int, sentence: String) async throws {
        let response = try await server().get("/api/trace/\(path)")
        #expect(response.status.code == status)
        #expect(response.text == sentence)
        #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
    }
}
