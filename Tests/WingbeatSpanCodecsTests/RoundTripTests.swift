// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Spans that are written and read back")
struct RoundTripTests {
    private func expectRoundTrip(_ span: SpanRecord, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(try decode(encode(span)) == [span], sourceLocation: sourceLocation)
    }

    private func spanOfService() -> SpanRecord {
        var span = SpanRecord(traceID: trace(7), id: spanID(8), name: "work")
        span.localEndpoint = NetworkEndpoint(serviceName: "frontend")
        return span
    }

    @Test("an empty list stays empty")
    func empty() throws {
        #expect(try decode("[]").isEmpty)
        #expect(try decode(" [ ] ").isEmpty)
    }

    @Test("a full span comes back as it was")
    func full() throws {
        try expectRoundTrip(fullSpan)
    }

    @Test("several spans keep their order")
    func order() throws {
        let spans = (1...20).map { SpanRecord(traceID: trace(UInt64($0)), id: spanID(UInt64(21 - $0))) }
        #expect(try ZipkinJSONDecoder.decode(ZipkinJSONEncoder.encode(spans)) == spans)
    }

    @Test("the shared and the debug flag come back, each alone")
    func flags() throws {
        var shared = spanOfService()
        shared.kind = .server
        shared.isShared = true
        try expectRoundTrip(shared)
        var debug = spanOfService()
        debug.isDebug = true
        try expectRoundTrip(debug)
    }

    @Test("a tag error without a text comes back as an empty text and makes the span an error")
    func errorTag() throws {
        var span = spanOfService()
        span.attributes = [Attribute("error", "")]
        try expectRoundTrip(span)
        #expect(try decode(encode(span)).first?.isError == true)
    }

    @Test("a span that knows only its own side, and one whose other side has no name, come back")
    func endpoints() throws {
        try expectRoundTrip(spanOfService())
        var span = spanOfService()
        span.kind = .client
        span.remoteEndpoint = NetworkEndpoint(ipv4: "192.168.99.101", port: 9000)
        try expectRoundTrip(span)
        span.localEndpoint = NetworkEndpoint(ipv6: "::1", port: 65535)
        try expectRoundTrip(span)
    }

    @Test(
        "any text comes back as it was",
        arguments: [
            "\"quoted\"", "back\\slash", "line\nbreak\r\ttab", "\u{0}\u{1}\u{1F}\u{7F}", "\u{2028}\u{2029}", "💩👩‍👩‍👧",
            "⻩", "</script>&'", "é e\u{301}", "\u{FEFF}\u{FFFD}\u{10FFFF}", String(repeating: "x", count: 70_000),
        ]
    )
    func texts(text: String) throws {
        var span = spanOfService()
        span.attributes = [Attribute("key " + text, text)]
        span.events = [SpanRecord.Event(nanoseconds: 1000, name: text)]
        let read = try #require(try decode(encode(span)).first)
        #expect(Array((read[attribute: "key " + text]?.description ?? "").utf8) == Array(text.utf8))
        #expect(Array((read.events.first?.name ?? "").utf8) == Array(text.utf8))
    }

    @Test("control characters and U+2028 are escaped, so that the text is also a JavaScript string")
    func escapes() {
        var span = SpanRecord(traceID: trace(1), id: spanID(2))
        span.attributes = [Attribute("k", "\u{1}\u{2028}\"\\")]
        #expect(encode(span).hasSuffix(#""tags":{"k":"\u0001\u2028\"\\"}}]"#))
    }

    @Test("escapes of other writers are understood, surrogate pairs too; a lone surrogate is U+FFFD")
    func foreignEscapes() throws {
        let tag = try decode(span(#""tags":{"k":"\u00e9\/\b\f\ud83d\udca9\uD83D!\udca9"}"#)).first?[attribute: "k"]
        #expect(tag == .string("é/\u{8}\u{C}💩\u{FFFD}!\u{FFFD}"))
    }
}
