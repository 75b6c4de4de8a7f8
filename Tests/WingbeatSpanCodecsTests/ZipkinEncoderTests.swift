// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Spans written as Zipkin JSON")
struct ZipkinEncoderTests {
    @Test("no spans are an empty list")
    func empty() {
        #expect(encode() == "[]")
        #expect(String(decoding: ZipkinJSONEncoder.encode(traces: []), as: UTF8.self) == "[]")
        #expect(String(decoding: ZipkinJSONEncoder.encode(traces: [[]]), as: UTF8.self) == "[[]]")
    }

    @Test("a span of which only the ids are known has only its ids")
    func idsOnly() {
        let json = encode(SpanRecord(traceID: trace(1), id: spanID(2)))
        #expect(json == #"[{"traceId":"0000000000000001","id":"0000000000000002"}]"#)
    }

    @Test("a full span has Zipkin's fields in Zipkin's order, without white space")
    func golden() {
        #expect(
            encode(fullSpan) == #"[{"traceId":"00000000000000010000000000000002","parentId":"0000000000000004","#
                + #""id":"0000000000000003","kind":"SERVER","name":"get /orders","timestamp":1700000000000001,"#
                + #""duration":350,"localEndpoint":{"serviceName":"frontend","ipv4":"127.0.0.1","port":8080},"#
                + #""remoteEndpoint":{"serviceName":"mobile","ipv6":"2001:db8::c001","port":9000},"#
                + #""annotations":[{"timestamp":1700000000000002,"value":"cache miss"},"#
                + #"{"timestamp":1700000000000003,"value":"⻩"}],"#
                + #""tags":{"error":"💩","http.path":"/orders"},"debug":true,"shared":true}]"#
        )
    }

    @Test("a 64-bit trace id has 16 digits, a 128-bit one 32")
    func traceIDs() {
        #expect(encode(SpanRecord(traceID: trace(0xABC), id: spanID(1))).contains(#""traceId":"0000000000000abc""#))
        let wide = SpanRecord(traceID: trace(0xABC, high: 1), id: spanID(1))
        #expect(encode(wide).contains(#""traceId":"00000000000000010000000000000abc""#))
    }

    @Test(
        "each kind has Zipkin's name",
        arguments: [
            (SpanRecord.Kind.client, "CLIENT"), (.server, "SERVER"), (.producer, "PRODUCER"), (.consumer, "CONSUMER"),
        ]
    )
    func kinds(kind: SpanRecord.Kind, name: String) {
        var span = SpanRecord(traceID: trace(1), id: spanID(2))
        span.kind = kind
        #expect(encode(span).contains(#","kind":"\#(name)"}"#))
    }

    @Test("names of spans and services are in lower case, tags are not")
    func lowerCase() {
        var span = SpanRecord(traceID: trace(1), id: spanID(2), name: "GET /Ärger")
        span.localEndpoint = NetworkEndpoint(serviceName: "FrontEnd")
        span.remoteEndpoint = NetworkEndpoint(serviceName: "BackEnd")
        span.attributes = [Attribute("Http.Path", "/A")]
        #expect(
            encode(span) == #"[{"traceId":"0000000000000001","id":"0000000000000002","name":"get /ärger","#
                + #""localEndpoint":{"serviceName":"frontend"},"remoteEndpoint":{"serviceName":"backend"},"#
                + #""tags":{"Http.Path":"/A"}}]"#
        )
    }

    @Test("tags are sorted by key, and of two with one key the later wins")
    func tags() {
        var span = SpanRecord(traceID: trace(1), id: spanID(2))
        span.attributes = [Attribute("b", "1"), Attribute("a", "2"), Attribute("c", "3"), Attribute("b", "4")]
        #expect(encode(span).hasSuffix(#""tags":{"a":"2","b":"4","c":"3"}}]"#))
    }

    @Test("annotations are sorted by time, then by text, and each stands there once")
    func annotations() {
        var span = SpanRecord(traceID: trace(1), id: spanID(2))
        span.events = [(3000, "z"), (2000, "b"), (2000, "a"), (3000, "z"), (2999, "b")].map {
            SpanRecord.Event(nanoseconds: $0, name: $1)
        }
        #expect(
            encode(span).hasSuffix(
                #""annotations":[{"timestamp":2,"value":"a"},{"timestamp":2,"value":"b"},"#
                    + #"{"timestamp":3,"value":"z"}]}]"#
            )
        )
    }

    @Test(
        "a duration is rounded to microseconds, and is never zero when something was measured",
        arguments: [(1, 1), (499, 1), (1499, 1), (1500, 2), (2000, 2), (18_446_744_073_709_551_615, 18446744073709552)]
    )
    func durations(nanoseconds: UInt64, microseconds: UInt64) {
        var span = SpanRecord(traceID: trace(1), id: spanID(2))
        span.durationNanoseconds = nanoseconds
        #expect(encode(span).contains(#","duration":\#(microseconds)}"#))
    }

    @Test("an event in the first microsecond of 1970 can be read back by Zipkin")
    func earliestEvent() throws {
        var span = SpanRecord(traceID: trace(1), id: spanID(2))
        span.startNanoseconds = 1
        span.events = [SpanRecord.Event(nanoseconds: 0, name: "a")]
        let read = try #require(try decode(encode(span)).first)
        #expect(read.startNanoseconds == 1000)
        #expect(read.events == [SpanRecord.Event(nanoseconds: 1000, name: "a")])
    }

    @Test("an endpoint in which nothing is known is left out, and so is an empty name")
    func emptyEndpoints() {
        var span = SpanRecord(traceID: trace(1), id: spanID(2))
        span.localEndpoint = NetworkEndpoint(serviceName: "")
        span.remoteEndpoint = NetworkEndpoint()
        #expect(encode(span) == #"[{"traceId":"0000000000000001","id":"0000000000000002"}]"#)
        span.remoteEndpoint = NetworkEndpoint(serviceName: "", port: 80)
        #expect(encode(span).hasSuffix(#""remoteEndpoint":{"port":80}}]"#))
    }

    @Test("spans and traces are separated by commas")
    func several() {
        let one = SpanRecord(traceID: trace(1), id: spanID(1))
        let two = SpanRecord(traceID: trace(2), id: spanID(2))
        let first = #"{"traceId":"0000000000000001","id":"0000000000000001"}"#
        let second = #"{"traceId":"0000000000000002","id":"0000000000000002"}"#
        #expect(encode(one, two) == "[\(first),\(second)]")
        let traces = String(decoding: ZipkinJSONEncoder.encode(traces: [[one], [two]]), as: UTF8.self)
        #expect(traces == "[[\(first)],[\(second)]]")
    }
}
