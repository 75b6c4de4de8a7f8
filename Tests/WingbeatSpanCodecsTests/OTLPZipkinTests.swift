// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Zipkin's spans in OTLP")
struct OTLPZipkinTests {
    private func zipkin(_ fields: String) throws -> SpanRecord {
        try #require(try decode(span(fields)).first)
    }

    /// The span as a reader sees it who knows nothing of Zipkin.
    private func foreign(_ span: SpanRecord) throws -> String {
        String(decoding: OTLPJSONEncoder.encode([span]), as: UTF8.self)
    }

    @Test("5,000 random spans come back as they were", arguments: OTLPTestFormat.allCases)
    func random(format: OTLPTestFormat) throws {
        var spans = RandomSpans(seed: 9)
        for _ in 0..<5_000 {
            let span = spans.zipkin()
            #expect(try format.roundTrip([span]) == [span])
        }
    }

    @Test("the service is the resource's name, endpoints are attributes")
    func endpoints() throws {
        let span = try zipkin(
            #""localEndpoint":{"serviceName":"shop","ipv4":"10.0.0.1","port":80},"#
                + #""remoteEndpoint":{"serviceName":"bank","ipv6":"2001:db8::1","port":443}"#
        )
        #expect(
            try foreign(span)
                == #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"#
                + #""scopeSpans":[{"spans":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000002","#
                + #""attributes":[{"key":"zipkin.shared","value":{"boolValue":false}},"#
                + #"{"key":"net.host.ip","value":{"stringValue":"10.0.0.1"}},"#
                + #"{"key":"net.host.port","value":{"intValue":"80"}},"#
                + #"{"key":"peer.service","value":{"stringValue":"bank"}},"#
                + #"{"key":"net.peer.ip","value":{"stringValue":"2001:db8::1"}},"#
                + #"{"key":"net.peer.port","value":{"intValue":"443"}}]}]}]}]}"#
        )
    }

    @Test("spans of two services are two resources")
    func services() throws {
        let spans = try ["a", "b", "a"].map { try zipkin(#""localEndpoint":{"serviceName":"\#($0)"}"#) }
        let text = String(decoding: OTLPJSONEncoder.encode(spans), as: UTF8.self)
        #expect(text.split(separator: #"{"resource":"#).count == 3)
    }

    @Test("the local endpoint's name goes before that of the resource, whose attributes stay")
    func name() throws {
        var span = SpanRecord(traceID: trace(1), id: spanID(2))
        span.resource = Resource(serviceName: "process", attributes: [Attribute("zone", "a")])
        span.localEndpoint = NetworkEndpoint(serviceName: "shop")
        let read = try #require(try OTLPTestFormat.protobuf.roundTrip([span]).first)
        #expect(read.serviceName == "shop")
        #expect(read.resource == Resource(serviceName: "shop", attributes: [Attribute("zone", "a")]))
    }

    @Test(
        "tags tell the status",
        arguments: [
            (#""error":"gone""#, #""status":{"message":"gone","code":2}"#),
            (#""error":"""#, #""status":{"code":2}"#),
            (#""error":"true""#, #""status":{"code":2}"#),
            (#""otel.status_code":"OK""#, #""status":{"code":1}"#),
            (#""otel.status_code":"ERROR","error":"e""#, #""status":{"message":"e","code":2}"#),
            (
                #""otel.status_code":"ERROR","otel.status_description":"d","error":"e""#,
                #""status":{"message":"d","code":2}"#
            ),
        ]
    )
    func status(tags: String, status: String) throws {
        let span = try zipkin(#""localEndpoint":{"serviceName":"a"},"tags":{\#(tags)}"#)
        #expect(try foreign(span).contains(status))
        #expect(try OTLPTestFormat.json.roundTrip([span]) == [span])
    }

    @Test("what OpenTelemetry's own spans say of their peers stays as it is", arguments: OTLPTestFormat.allCases)
    func native(format: OTLPTestFormat) throws {
        var span = SpanRecord(traceID: trace(1), id: spanID(2))
        span.resource = Resource(serviceName: "shop")
        span.attributes = [
            Attribute("peer.service", "db"), Attribute("net.peer.ip", "10.0.0.1"), Attribute("error", "x"),
        ]
        #expect(try format.roundTrip([span]) == [span])
        span.isDebug = true
        #expect(try format.roundTrip([span]) == [span])
    }

    @Test("what an intermediary added behind the mark stays, and a mark of another type is a tag")
    func intermediary() throws {
        var span = SpanRecord(traceID: trace(1), id: spanID(2))
        span.attributes = [
            Attribute("zipkin.shared", true), Attribute("net.host.ip", "nonsense"), Attribute("net.host.port", 70_000),
            Attribute("new", 1), Attribute("net.peer.ip", "10.0.0.1"),
        ]
        let read = try #require(try OTLPTestFormat.protobuf.roundTrip([span]).first)
        #expect(read.isShared)
        #expect(read.remoteEndpoint == NetworkEndpoint(ipv4: "10.0.0.1"))
        #expect(read.attributes.map(\.key) == ["net.host.ip", "net.host.port", "new"])
        span.attributes = [Attribute("zipkin.shared", "yes"), Attribute("zipkin.debug", "no")]
        #expect(try OTLPTestFormat.protobuf.roundTrip([span]) == [span])
    }
}
