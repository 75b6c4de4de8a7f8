// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel
import WingbeatSpanCodecs

/// Both formats of OTLP.
enum OTLPTestFormat: CaseIterable {
    case protobuf
    case json

    func encode(_ spans: [SpanRecord]) -> [UInt8] {
        switch self {
        case .protobuf: OTLPProtobufEncoder.encode(spans)
        case .json: OTLPJSONEncoder.encode(spans)
        }
    }

    func decode(_ bytes: [UInt8]) throws(SpanDecodingError) -> OTLPBatch {
        switch self {
        case .protobuf: try OTLPProtobufDecoder.decode(bytes)
        case .json: try OTLPJSONDecoder.decode(bytes)
        }
    }

    func roundTrip(_ spans: [SpanRecord]) throws(SpanDecodingError) -> [SpanRecord] {
        try decode(encode(spans)).spans
    }
}

/// A span with something in every field that OTLP has.
var fullOTLPSpan: SpanRecord {
    var span = SpanRecord(traceID: trace(2, high: 1), id: spanID(3), parentID: spanID(4), name: "GET /orders")
    span.traceState = "a=1"
    span.flags = 0x301
    span.kind = .server
    span.startNanoseconds = 1_700_000_000_000_000_001
    span.durationNanoseconds = 350_000
    span.status = .error("gone")
    span.attributes = [
        Attribute("text", "é"), Attribute("yes", true), Attribute("no", false), Attribute("int", -1),
        Attribute("double", 1.5), Attribute("list", .array(["x", 7, .empty])), Attribute("bytes", .bytes([0, 255])),
        Attribute("map", .map([Attribute("k", .map([]))])), Attribute("empty", .empty),
    ]
    span.events = [SpanRecord.Event(nanoseconds: 5, name: "miss", attributes: [Attribute("n", 1)])]
    span.events[0].droppedAttributes = 6
    span.links = [SpanRecord.Link(traceID: trace(7, high: 8), spanID: spanID(9), attributes: [Attribute("l", "m")])]
    span.links[0].droppedAttributes = 10
    span.links[0].traceState = "b=2"
    span.links[0].flags = 0x100
    span.dropped.attributes = 11
    span.dropped.events = 12
    span.dropped.links = 13
    var resource = Resource(serviceName: "Shop", attributes: [Attribute("zone", "a")])
    resource.droppedAttributes = 14
    resource.schemaURL = "https://a"
    span.resource = resource
    var scope = InstrumentationScope(name: "lib", version: "1.2", attributes: [Attribute("s", "t")])
    scope.droppedAttributes = 15
    scope.schemaURL = "https://b"
    span.scope = scope
    return span
}

/// Why bytes are refused; nil when they are not.
func refusal(of bytes: [UInt8], as format: OTLPTestFormat) -> String? {
    do throws(SpanDecodingError) {
        _ = try format.decode(bytes)
        return nil
    } catch {
        return error.description
    }
}
