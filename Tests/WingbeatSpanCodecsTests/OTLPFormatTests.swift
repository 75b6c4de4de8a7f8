// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("OTLP, byte for byte")
struct OTLPFormatTests {
    private func read(_ json: String) throws -> OTLPBatch { try OTLPJSONDecoder.decode(Array(json.utf8)) }

    /// The request with a span whose fields after its ids are given.
    private func request(_ fields: String) -> String {
        #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0000000000000001000000000000000A","#
            + #""spanId":"000000000000000b""# + fields + "}]}]}]}"
    }

    @Test("protocol buffers")
    func protobuf() {
        var span = SpanRecord(traceID: trace(2, high: 1), id: spanID(3), name: "n")
        span.kind = .client
        span.startNanoseconds = 0x0102
        span.durationNanoseconds = 1
        span.attributes = [Attribute("k", 300)]
        span.status = .ok
        span.flags = 1
        span.resource = Resource(serviceName: "s")
        span.scope = InstrumentationScope(name: "l")
        let id: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]
        let fields: [UInt8] =
            [0x0A, 16] + id + [0x12, 8, 0, 0, 0, 0, 0, 0, 0, 3] + [0x2A, 1, 0x6E] + [0x30, 3]
            + [0x39, 2, 1, 0, 0, 0, 0, 0, 0] + [0x41, 3, 1, 0, 0, 0, 0, 0, 0]
            + [0x4A, 8, 0x0A, 1, 0x6B, 0x12, 3, 0x18, 0xAC, 0x02] + [0x7A, 2, 0x18, 1] + [0x85, 0x01, 1, 0, 0, 0]
        let name = [0x0A, 12] + Array("service.name".utf8) + [0x12, 3, 0x0A, 1, 0x73]
        let resource = [0x0A, UInt8(name.count + 2), 0x0A, UInt8(name.count)] + name
        let scope = [0x12, UInt8(fields.count + 7), 0x0A, 3, 0x0A, 1, 0x6C, 0x12, UInt8(fields.count)] + fields
        #expect(OTLPProtobufEncoder.encode([span]) == [0x0A, UInt8(resource.count + scope.count)] + resource + scope)
    }

    @Test("JSON, with something in every field")
    func json() {
        let parts = [
            #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"Shop"}},"#,
            #"{"key":"zone","value":{"stringValue":"a"}}],"droppedAttributesCount":14},"#,
            #""scopeSpans":[{"scope":{"name":"lib","version":"1.2","attributes":[{"key":"s","value":"#,
            #"{"stringValue":"t"}}],"droppedAttributesCount":15},"spans":[{"#,
            #""traceId":"00000000000000010000000000000002","spanId":"0000000000000003","traceState":"a=1","#,
            #""parentSpanId":"0000000000000004","name":"GET /orders","kind":2,"#,
            #""startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"1700000000000350001","attributes":["#,
            #"{"key":"text","value":{"stringValue":"é"}},{"key":"yes","value":{"boolValue":true}},"#,
            #"{"key":"no","value":{"boolValue":false}},{"key":"int","value":{"intValue":"-1"}},"#,
            #"{"key":"double","value":{"doubleValue":1.5}},{"key":"list","value":{"arrayValue":{"values":["#,
            #"{"stringValue":"x"},{"intValue":"7"},{}]}}},{"key":"bytes","value":{"bytesValue":"AP8="}},"#,
            #"{"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"kvlistValue":{}}}]}}},"#,
            #"{"key":"empty","value":{}}],"droppedAttributesCount":11,"events":[{"timeUnixNano":"5","name":"miss","#,
            #""attributes":[{"key":"n","value":{"intValue":"1"}}],"droppedAttributesCount":6}],"#,
            #""droppedEventsCount":12,"links":[{"traceId":"00000000000000080000000000000007","#,
            #""spanId":"0000000000000009","traceState":"b=2","attributes":[{"key":"l","value":{"stringValue":"m"}}],"#,
            #""droppedAttributesCount":10,"flags":256}],"droppedLinksCount":13,"#,
            #""status":{"message":"gone","code":2},"flags":769}],"schemaUrl":"https://b"}],"schemaUrl":"https://a"}]}"#,
        ]
        #expect(String(decoding: OTLPJSONEncoder.encode([fullOTLPSpan]), as: UTF8.self) == parts.joined())
    }

    @Test("ids of either case, numbers as texts or numbers, null and unknown fields")
    func lenient() throws {
        let fields = #"""
            ,"name":null,"kind":"3","startTimeUnixNano":1,"endTimeUnixNano":"18446744073709551615","trace_state":"x",
            "attributes":[{"key":"i","value":{"intValue":7}},{"key":"d","value":{"doubleValue":"Infinity"}},
            {"key":"b","value":{"bytesValue":"-_8"}},{"key":"n"}],"status":{"code":1,"x":{}},"new":[{"a":[1]}]
            """#
        let span = try #require(try read(request(fields)).spans.first)
        #expect(span.traceID == trace(10, high: 1))
        #expect(span.kind == .client && span.name == "" && span.traceState == "" && span.status == .ok)
        #expect(span.durationNanoseconds == UInt64.max - 1)
        #expect(span[attribute: "i"] == 7 && span[attribute: "d"] == .double(.infinity))
        #expect(span[attribute: "b"] == .bytes([0xFB, 0xFF]) && span[attribute: "n"] == .empty)
    }

    @Test("a resource and a scope behind their spans, and a service without a name")
    func lateResource() throws {
        let json = #"""
            {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00000000000000000000000000000001",
            "spanId":"0000000000000002"}],"scope":{"name":"l"}}],"resource":{"attributes":[
            {"key":"service.name","value":{"intValue":1}},{"key":"a","value":{"boolValue":true}}]},"schemaUrl":"u"}]}
            """#
        let span = try #require(try read(json).spans.first)
        #expect(span.scope == InstrumentationScope(name: "l"))
        #expect(span.resource?.serviceName == "" && span.resource?.schemaURL == "u")
        #expect(span.resource?.attributes == [Attribute("service.name", 1), Attribute("a", true)])
    }

    @Test(
        "what a span cannot do without",
        arguments: [
            (#"{"spanId":"0000000000000002"}"#, "span 0: trace id is missing"),
            (#"{"traceId":"01","spanId":"0000000000000002"}"#, "span 0: trace id has 1 bytes, expected 16"),
            (
                #"{"traceId":"00000000000000000000000000000001","spanId":"000000000000000g"}"#,
                "span 0: span id is all zeros or no number"
            ),
            (
                #"{"traceId":"00000000000000000000000000000001","spanId":"0000000000000002","parentSpanId":"03"}"#,
                "span 0: parent span id has 1 bytes, expected 8"
            ),
        ]
    )
    func rejected(span: String, reason: String) throws {
        let batch = try read(#"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(span),{}]}]}]}"#)
        #expect(batch.spans.isEmpty && batch.rejectedSpans == 2)
        #expect(batch.rejectionReason == reason)
        #expect(batch.response == OTLPResponse(rejectedSpans: 2, errorMessage: reason))
    }

    @Test("a link that leads nowhere is counted as dropped")
    func links() throws {
        let link = #"{"traceId":"00000000000000000000000000000001","spanId":"0000000000000002"}"#
        let span = try #require(try read(request(#","droppedLinksCount":4,"links":[{},\#(link)]"#)).spans.first)
        #expect(span.links.count == 1 && span.dropped.links == 5)
    }

    @Test("a field of another type than ours is skipped, as protocol buffers ask")
    func otherTypes() throws {
        let ids: [UInt8] = [0x0A, 16] + Array(repeating: 1, count: 16) + [0x12, 8] + Array(repeating: 2, count: 8)
        let odd: [UInt8] = [0x28, 1, 0x32, 1, 0, 0x3D, 0, 0, 0, 0, 0x4B, 0x08, 1, 0x4C]
        let span = ids + odd
        let bytes = [0x0A, UInt8(span.count + 4), 0x12, UInt8(span.count + 2), 0x12, UInt8(span.count)] + span
        #expect(try OTLPProtobufDecoder.decode(bytes).spans.map(\.name) == [""])
    }
}
