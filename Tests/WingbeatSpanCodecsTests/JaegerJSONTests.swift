// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Jaeger's JSON, byte for byte")
struct JaegerJSONTests {
    private func text(_ traces: [[SpanRecord]]) -> String {
        String(decoding: JaegerJSONEncoder.encode(traces: traces), as: UTF8.self)
    }

    private func tags(of span: SpanRecord) -> String {
        let text = text([[span]])
        guard let start = text.firstRange(of: #""tags":"#), let end = text.firstRange(of: #","logs":"#) else {
            return ""
        }
        return String(text[start.upperBound..<end.lowerBound])
    }

    private func empty(_ attributes: [Attribute] = []) -> SpanRecord {
        var span = SpanRecord(traceID: trace(1), id: spanID(2))
        span.attributes = attributes
        return span
    }

    @Test("no traces are an empty list, an empty span has every field that Jaeger's has")
    func smallest() {
        #expect(text([]) == "[]")
        #expect(
            text([[empty()]])
                == #"[{"traceID":"0000000000000001","spans":[{"traceID":"0000000000000001","spanID":"0000000000000002","#
                + #""operationName":"","references":[],"startTime":0,"duration":0,"tags":[],"logs":[],"#
                + #""processID":"p1","warnings":null}],"#
                + #""processes":{"p1":{"serviceName":"unknown_service","tags":[]}},"warnings":null}]"#
        )
    }

    @Test("a span of OpenTelemetry with something in every field")
    func openTelemetry() {
        let parts = [
            #"[{"traceID":"00000000000000010000000000000002","spans":[{"traceID":"00000000000000010000000000000002","#,
            #""spanID":"0000000000000003","flags":1,"operationName":"GET /orders","references":["#,
            #"{"refType":"CHILD_OF","traceID":"00000000000000010000000000000002","spanID":"0000000000000004"},"#,
            #"{"refType":"FOLLOWS_FROM","traceID":"00000000000000080000000000000007","spanID":"0000000000000009"}],"#,
            #""startTime":1700000000000000,"duration":350,"tags":["#,
            #"{"key":"otel.scope.name","type":"string","value":"lib"},"#,
            #"{"key":"otel.scope.version","type":"string","value":"1.2"},"#,
            #"{"key":"text","type":"string","value":"é"},{"key":"yes","type":"bool","value":true},"#,
            #"{"key":"no","type":"bool","value":false},{"key":"int","type":"int64","value":-1},"#,
            #"{"key":"double","type":"float64","value":1.5},"#,
            #"{"key":"list","type":"string","value":"[\"x\",7,null]"},"#,
            #"{"key":"bytes","type":"binary","value":"AP8="},{"key":"map","type":"string","value":"{\"k\":{}}"},"#,
            #"{"key":"empty","type":"string","value":""},{"key":"span.kind","type":"string","value":"server"},"#,
            #"{"key":"error","type":"bool","value":true},"#,
            #"{"key":"otel.status_code","type":"string","value":"ERROR"},"#,
            #"{"key":"otel.status_description","type":"string","value":"gone"},"#,
            #"{"key":"w3c.tracestate","type":"string","value":"a=1"}],"#,
            #""logs":[{"timestamp":0,"fields":[{"key":"event","type":"string","value":"miss"},"#,
            #"{"key":"n","type":"int64","value":1}]}],"processID":"p1","warnings":["#,
            #""11 attributes were left out by the sender","12 events were left out by the sender","#,
            #""13 links were left out by the sender"]}],"processes":{"p1":{"serviceName":"Shop","tags":["#,
            #"{"key":"zone","type":"string","value":"a"}]}},"warnings":null}]"#,
        ]
        #expect(text([[fullOTLPSpan]]) == parts.joined())
    }

    @Test("a span of Zipkin: endpoints are tags, the text of an error stands beside the error")
    func zipkin() {
        var span = empty([Attribute("error", "timed out"), Attribute("http.path", "/")])
        span.kind = .client
        span.isDebug = true
        span.localEndpoint = NetworkEndpoint(serviceName: "Front", ipv4: "10.0.0.1", ipv6: "::1", port: 80)
        span.remoteEndpoint = NetworkEndpoint(serviceName: "back", ipv4: "10.0.0.2", ipv6: "::2", port: 81)
        #expect(
            tags(of: span)
                == #"[{"key":"error.message","type":"string","value":"timed out"},"#
                + #"{"key":"http.path","type":"string","value":"/"},"#
                + #"{"key":"peer.service","type":"string","value":"back"},"#
                + #"{"key":"peer.ipv4","type":"string","value":"10.0.0.2"},"#
                + #"{"key":"peer.ipv6","type":"string","value":"::2"},{"key":"peer.port","type":"int64","value":81},"#
                + #"{"key":"span.kind","type":"string","value":"client"},{"key":"error","type":"bool","value":true}]"#
        )
        let text = text([[span]])
        #expect(text.contains(#""flags":2,"#))
        #expect(
            text.contains(
                #""processes":{"p1":{"serviceName":"Front","tags":[{"key":"ip","type":"string","value":"10.0.0.1"},"#
                    + #"{"key":"ip","type":"string","value":"::1"},{"key":"port","type":"int64","value":80}]}}"#
            )
        )
    }

    @Test(
        "errors are the truth value true, once",
        arguments: [
            (Attribute("error", ""), #"[{"key":"error.message","type":"string","value":""},"#),
            (Attribute("error", "true"), "["), (Attribute("error", true), "["),
        ]
    )
    func errors(attribute: Attribute, before: String) {
        #expect(tags(of: empty([attribute])) == before + #"{"key":"error","type":"bool","value":true}]"#)
    }

    @Test("an error that is false is shown as such")
    func noError() {
        #expect(tags(of: empty([Attribute("error", false)])) == #"[{"key":"error","type":"bool","value":false}]"#)
    }

    @Test(
        "whole numbers that JavaScript would round are texts",
        arguments: [
            (9_007_199_254_740_991, "9007199254740991"), (-9_007_199_254_740_991, "-9007199254740991"),
            (9_007_199_254_740_992, #""9007199254740992""#), (Int64.min, #""-9223372036854775808""#),
            (Int64.max, #""9223372036854775807""#),
        ]
    )
    func largeNumbers(number: Int64, text: String) {
        #expect(tags(of: empty([Attribute("n", .int(number))])) == #"[{"key":"n","type":"int64","value":\#(text)}]"#)
    }

    @Test("numbers that JSON does not know are texts", arguments: [(Double.nan, "nan"), (.infinity, "inf")])
    func oddNumbers(number: Double, text: String) {
        let expected = #"[{"key":"n","type":"float64","value":"\#(text)"}]"#
        #expect(tags(of: empty([Attribute("n", .double(number))])) == expected)
    }

    @Test("a link that says so is a parent")
    func secondParent() {
        var span = empty()
        let mark = Attribute("opentracing.ref_type", "child_of")
        span.links = [SpanRecord.Link(traceID: trace(3), spanID: spanID(4), attributes: [mark])]
        let reference = #"{"refType":"CHILD_OF","traceID":"0000000000000003","spanID":"0000000000000004"}"#
        #expect(text([[span]]).contains(#""references":[\#(reference)],"#))
    }

    @Test("spans of one service share a process, those of others have their own; what is said twice is said once")
    func processes() {
        var spans = [empty([Attribute("a", 1), Attribute("a", 1), Attribute("a", 2)]), empty(), empty()]
        spans[0].resource = Resource(serviceName: "x", attributes: [Attribute("r", "1")])
        spans[1].resource = Resource(serviceName: "y")
        spans[2].resource = Resource(serviceName: "x", attributes: [Attribute("r", "1")])
        let text = text([spans])
        #expect(
            text.split(separator: #""processID":"#).dropFirst().map { $0.prefix(4) } == [#""p1""#, #""p2""#, #""p1""#]
        )
        #expect(
            text.hasSuffix(
                #""processes":{"p1":{"serviceName":"x","tags":[{"key":"r","type":"string","value":"1"}]},"#
                    + #""p2":{"serviceName":"y","tags":[]}},"warnings":null}]"#
            )
        )
        #expect(
            tags(of: spans[0]) == #"[{"key":"a","type":"int64","value":1},{"key":"a","type":"int64","value":2}]"#
        )
    }
}
