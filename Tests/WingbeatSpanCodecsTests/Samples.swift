// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel
import WingbeatSpanCodecs

/// A trace id written as a literal that is known to be valid.
func trace(_ low: UInt64, high: UInt64 = 0) -> TraceID {
    TraceID(high: high, low: low) ?? .smallest
}

/// A span id written as a literal that is known to be valid.
func spanID(_ value: UInt64) -> SpanID {
    SpanID(value) ?? .smallest
}

/// The spans of a JSON text.
func decode(_ json: String) throws(SpanDecodingError) -> [SpanRecord] {
    try ZipkinJSONDecoder.decode(Array(json.utf8))
}

/// Why a JSON text is refused; nil when it is not.
func refusal(of json: String) -> String? {
    refusal(of: Array(json.utf8))
}

/// Why bytes are refused; nil when they are not.
func refusal(of bytes: [UInt8]) -> String? {
    do throws(SpanDecodingError) {
        _ = try ZipkinJSONDecoder.decode(bytes)
        return nil
    } catch {
        return error.description
    }
}

/// The JSON text of spans.
func encode(_ spans: SpanRecord...) -> String {
    String(decoding: ZipkinJSONEncoder.encode(spans), as: UTF8.self)
}

/// The JSON text of a span whose fields after its ids are given.
func span(_ fields: String) -> String {
    #"[{"traceId":"1","id":"2","# + fields + "}]"
}

/// A span with something in every field that Zipkin's JSON has, in the form in which it is read back.
var fullSpan: SpanRecord {
    var span = SpanRecord(traceID: trace(2, high: 1), id: spanID(3), parentID: spanID(4), name: "get /orders")
    span.kind = .server
    span.startNanoseconds = 1_700_000_000_000_001_000
    span.durationNanoseconds = 350_000
    span.localEndpoint = NetworkEndpoint(serviceName: "frontend", ipv4: "127.0.0.1", port: 8080)
    span.remoteEndpoint = NetworkEndpoint(serviceName: "mobile", ipv6: "2001:db8::c001", port: 9000)
    span.events = [
        SpanRecord.Event(nanoseconds: 1_700_000_000_000_002_000, name: "cache miss"),
        SpanRecord.Event(nanoseconds: 1_700_000_000_000_003_000, name: "⻩"),
    ]
    span.attributes = [Attribute("error", "💩"), Attribute("http.path", "/orders")]
    span.isDebug = true
    span.isShared = true
    return span
}

/// Spans in the states that Zipkin's own tests take care of, in the form in which they are read back: 64 and 128 bits,
/// shared, an error without a text, only one side known, no name on the other side, no annotations, nasty texts.
var sampleSpans: [SpanRecord] {
    var wide = fullSpan
    wide.attributes = [Attribute("control", "\u{0}\u{1F}\"\\\u{2028}💩"), Attribute("error", "")]
    var local = SpanRecord(traceID: trace(1), id: spanID(1), name: "local")
    local.localEndpoint = NetworkEndpoint(serviceName: "frontend")
    var client = SpanRecord(traceID: trace(1), id: spanID(2), parentID: spanID(1), name: "get")
    client.kind = .client
    client.localEndpoint = NetworkEndpoint(serviceName: "frontend", ipv4: "127.0.0.1")
    client.remoteEndpoint = NetworkEndpoint(ipv4: "192.168.99.101", port: 9000)
    var server = client
    server.kind = .server
    server.isShared = true
    server.localEndpoint = NetworkEndpoint(serviceName: "backend", ipv6: "2001:db8::c001", port: 3036)
    return [wide, local, client, server, SpanRecord(traceID: trace(.max, high: .max), id: spanID(.max))]
}
