// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Jaeger's JSON, read")
struct JaegerDecoderTests {
    private func roundTrip(_ spans: [SpanRecord]) throws -> [SpanRecord] {
        // The list of one trace without its brackets is the trace.
        try JaegerJSONDecoder.decode(trace: Array(JaegerJSONEncoder.encode(traces: [spans]).dropFirst().dropLast()))
    }

    @Test("what Jaeger can say comes back")
    func roundTrip() throws {
        var span = SpanRecord(traceID: trace(2, high: 1), id: spanID(3), parentID: spanID(4), name: "GET /orders")
        span.traceState = "a=1"
        span.flags = 1
        span.isDebug = true
        span.kind = .server
        span.startNanoseconds = 1_700_000_000_000_000_000
        span.durationNanoseconds = 350_000
        span.status = .error("gone")
        span.attributes = [
            Attribute("text", "é"), Attribute("yes", true), Attribute("no", false), Attribute("int", -1),
            Attribute("large", .int(.max)), Attribute("double", 1.5), Attribute("bytes", .bytes([0, 255])),
            Attribute("error", true),
        ]
        span.events = [SpanRecord.Event(nanoseconds: 5000, name: "miss", attributes: [Attribute("n", 1)])]
        span.links = [SpanRecord.Link(traceID: trace(7, high: 8), spanID: spanID(9))]
        span.resource = Resource(serviceName: "Shop", attributes: [Attribute("zone", "a")])
        span.scope = InstrumentationScope(name: "lib", version: "1.2")
        var ok = SpanRecord(traceID: trace(2, high: 1), id: spanID(5))
        ok.status = .ok
        ok.resource = Resource(serviceName: "other")
        #expect(try roundTrip([span, ok]) == [span, ok])
    }

    @Test("older writers' parents and processes within the span")
    func older() throws {
        let json =
            #"{"spans":[{"traceID":"A","spanID":"b","parentSpanID":"c","process":{"serviceName":"s","tags":[{"key":"k","#
            + #""value":"v"}]},"references":[{"refType":"CHILD_OF","traceID":"a","spanID":"c"},"#
            + #"{"refType":"CHILD_OF","traceID":"d","spanID":"e"}],"tags":[{"key":"n","value":7},{"key":"f","value":0.5},"#
            + #"{"key":"b","type":"bool","value":"true"},{"key":"i","type":"int64","value":"x"},{"value":1}]}]}"#
        let spans = try JaegerJSONDecoder.decode(trace: Array(json.utf8))
        #expect(spans.count == 1)
        let span = try #require(spans.first)
        #expect(span.traceID == trace(10))
        #expect(span.parentID == spanID(12))
        #expect(
            span.links == [
                SpanRecord.Link(
                    traceID: trace(13),
                    spanID: spanID(14),
                    attributes: [Attribute("opentracing.ref_type", "child_of")]
                )
            ]
        )
        #expect(span.resource == Resource(serviceName: "s", attributes: [Attribute("k", "v")]))
        #expect(span.attributes == [Attribute("n", 7), Attribute("f", 0.5), Attribute("b", true), Attribute("i", "x")])
    }

    @Test("numbers that are too large are unknown, and nothing is needed but ids")
    func corners() throws {
        let json =
            #"{"spans":[{"traceID":"a","spanID":"b","startTime":-1,"duration":18446744073709551615,"logs":[{}]}]}"#
        let span = try #require(try JaegerJSONDecoder.decode(trace: Array(json.utf8)).first)
        #expect(span.startNanoseconds == 0)
        #expect(span.durationNanoseconds == 0)
        #expect(span.events == [SpanRecord.Event(nanoseconds: 0, name: "")])
        #expect(throws: SpanDecodingError.self) { try JaegerJSONDecoder.decode(trace: Array(#"{"spans":[{}]}"#.utf8)) }
        #expect(throws: SpanDecodingError.self) { try JaegerJSONDecoder.decode(trace: Array("{}".utf8)) }
        #expect(throws: SpanDecodingError.self) { try JaegerJSONDecoder.decode(trace: Array("[".utf8)) }
    }
}
