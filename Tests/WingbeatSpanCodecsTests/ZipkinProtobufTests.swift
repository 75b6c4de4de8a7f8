// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Zipkin's protocol buffers, both ways")
struct ZipkinProtobufTests {
    /// A list of one span whose fields after its ids (1 and 2) are given.
    private func list(_ fields: [UInt8]) -> [UInt8] {
        let span = [0x0A, 8, 0, 0, 0, 0, 0, 0, 0, 1, 0x1A, 8, 0, 0, 0, 0, 0, 0, 0, 2] + fields
        return [0x0A, UInt8(span.count)] + span
    }

    private func refusal(of bytes: [UInt8]) -> String? {
        do throws(SpanDecodingError) {
            _ = try ZipkinProtobufDecoder.decode(bytes)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("a span with every field has the bytes that zipkin.proto asks for, and comes back as it was")
    func golden() throws {
        var span = SpanRecord(traceID: trace(2, high: 1), id: spanID(3), parentID: spanID(4), name: "get")
        span.kind = .server
        span.startNanoseconds = 1_700_000_000_000_001_000
        span.durationNanoseconds = 300_000
        span.localEndpoint = NetworkEndpoint(serviceName: "a", ipv4: "127.0.0.1", port: 8080)
        span.remoteEndpoint = NetworkEndpoint(ipv6: "2001:db8::1")
        span.events = [SpanRecord.Event(nanoseconds: 2000, name: "é")]
        span.attributes = [Attribute("k", "v"), Attribute("z", "")]
        span.isDebug = true
        span.isShared = true
        let time: [UInt8] = [0x01, 0x40, 0x1E, 0x18, 0x24, 0x0A, 0x06, 0x00]
        let fields: [[UInt8]] = [
            [0x0A, 16, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2],
            [0x12, 8, 0, 0, 0, 0, 0, 0, 0, 4],
            [0x1A, 8, 0, 0, 0, 0, 0, 0, 0, 3],
            [0x20, 2],
            [0x2A, 3] + Array("get".utf8),
            [0x31] + time,
            [0x38, 0xAC, 0x02],
            [0x42, 12, 0x0A, 1, 0x61, 0x12, 4, 127, 0, 0, 1, 0x20, 0x90, 0x3F],
            [0x4A, 18, 0x1A, 16, 0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0x52, 13, 0x09, 2, 0, 0, 0, 0, 0, 0, 0, 0x12, 2, 0xC3, 0xA9],
            [0x5A, 6, 0x0A, 1, 0x6B, 0x12, 1, 0x76],
            [0x5A, 5, 0x0A, 1, 0x7A, 0x12, 0],
            [0x60, 1],
            [0x68, 1],
        ]
        let message = fields.flatMap { $0 }
        #expect(message.count == 125)
        let bytes = [0x0A, 125] + message
        #expect(ZipkinProtobufEncoder.encode([span]) == bytes)
        #expect(try ZipkinProtobufDecoder.decode(bytes) == [span])
    }

    @Test("spans in every state come back, in their order")
    func roundTrips() throws {
        var spans = sampleSpans
        #expect(try ZipkinProtobufDecoder.decode(ZipkinProtobufEncoder.encode(spans)) == spans)
        spans.reverse()
        #expect(try ZipkinProtobufDecoder.decode(ZipkinProtobufEncoder.encode(spans)) == spans)
        #expect(ZipkinProtobufEncoder.encode([]) == [])
        #expect(try ZipkinProtobufDecoder.decode([]) == [])
    }

    @Test("JSON and protocol buffers say the same, also of what only OpenTelemetry has")
    func sameAsJSON() throws {
        var span = fullSpan
        span.name = "GET /Orders"
        span.status = .error("gone")
        span.kind = .client
        span.isShared = false
        span.resource = Resource(serviceName: "Shop", attributes: [Attribute("zone", 1)])
        span.localEndpoint = NetworkEndpoint(serviceName: "ShoP", ipv6: "::1")
        span.scope = InstrumentationScope(name: "lib", version: "2")
        span.dropped.links = 3
        let throughJSON = try ZipkinJSONDecoder.decode(ZipkinJSONEncoder.encode([span, span]))
        #expect(try ZipkinProtobufDecoder.decode(ZipkinProtobufEncoder.encode([span, span])) == throughJSON)
        #expect(throughJSON.first?[attribute: "otel.scope.name"] == "lib")
    }

    @Test(
        "what is wrong is said in Zipkin's words",
        arguments: [
            ([0x0A, 66, 1, 2, 3, 4, 5, 6, 7, 8], "Truncated: length 66 > bytes available 8"),
            ([0x0A], "Truncated: length 1 > bytes available 0"),
            ([0x0A, 2, 0x0E, 1], "Malformed: invalid wireType 6 at byte 2"),
            ([0x0A, 2, 0x0A, 0], "traceId is empty"),
            ([0x0A, 19, 0x0A, 17, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], "traceId.length > 32"),
            ([0x0A, 10, 0x0A, 8, 0, 0, 0, 0, 0, 0, 0, 0], "traceId is all zeros"),
            ([0x0A, 2, 0x1A, 0], "id is empty"),
            ([0x0A, 11, 0x1A, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1], "id.length > 16"),
            ([0x0A, 4, 0x1A, 2, 0, 0], "id is all zeros"),
            ([0x0A, 11, 0x12, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1], "parentId.length > 16"),
            ([0x0A, 3, 0x0A, 1, 1], "$[0]: missing id"),
            ([0x0A, 3, 0x1A, 1, 1], "$[0]: missing traceId"),
        ] as [([UInt8], String)]
    )
    func errors(bytes: [UInt8], text: String) {
        #expect(refusal(of: bytes) == text + " reading List<Span> from proto3")
    }

    @Test("a field that is out of range is named with its place")
    func ranges() {
        let reading = " reading List<Span> from proto3"
        #expect(refusal(of: list([0x42, 4, 0x20, 0x80, 0x80, 0x04])) == "invalid port 65536" + reading)
        let late: [UInt8] = [0x00, 0, 0, 0, 0, 0, 0, 0x40]
        #expect(
            refusal(of: list([0x31] + late))
                == "$[0].timestamp is 4611686018427387904 µs, which is out of range" + reading
        )
        #expect(
            refusal(of: list([0x52, 9, 0x09] + late))
                == "$[0].annotations[0].timestamp is 4611686018427387904 µs, which is out of range" + reading
        )
    }

    @Test("other formats are no list", arguments: ["[]", "{}", "hello", "\u{C}", "\n\u{0}"])
    func otherFormats(text: String) {
        #expect(refusal(of: Array(text.utf8)) == "Expected a PROTO3 encoded list\n")
    }

    @Test("short ids are filled with zeros at the left; a parent of zeros, or the span itself, is none")
    func shortIDs() throws {
        let bytes: [UInt8] = [0x0A, 9, 0x0A, 2, 1, 2, 0x1A, 1, 3, 0x12, 0]
        #expect(try ZipkinProtobufDecoder.decode(bytes) == [SpanRecord(traceID: trace(0x102), id: spanID(3))])
        let zeros = try ZipkinProtobufDecoder.decode(list([0x12, 8, 0, 0, 0, 0, 0, 0, 0, 0]))
        #expect(zeros.map(\.parentID) == [nil])
        let itself = try ZipkinProtobufDecoder.decode(list([0x12, 1, 2]))
        #expect(itself.map(\.parentID) == [nil])
    }

    @Test("unknown fields and kinds are skipped; so are zeros, empty endpoints, addresses of a wrong length")
    func leniency() throws {
        let fields: [UInt8] = [
            0x20, 9, 0x20, 0, 0x31, 0, 0, 0, 0, 0, 0, 0, 0, 0x38, 0, 0x42, 0, 0x4A, 5, 0x12, 3, 1, 2, 3,
            0xA0, 0x06, 1, 0x2D, 1, 2, 3, 4, 0x60, 0, 0x68, 0,
        ]
        #expect(try ZipkinProtobufDecoder.decode(list(fields)) == [SpanRecord(traceID: trace(1), id: spanID(2))])
    }

    @Test("an annotation without a time is left out and counted")
    func annotationWithoutTime() throws {
        let span = try #require(try ZipkinProtobufDecoder.decode(list([0x52, 3, 0x12, 1, 0x61])).first)
        #expect(span.events.isEmpty)
        #expect(span.dropped.events == 1)
    }

    @Test("an IPv4 address written as IPv6 is IPv4")
    func mappedAddress() throws {
        let address: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 2, 3, 4]
        let span = try ZipkinProtobufDecoder.decode(list([0x42, 18, 0x1A, 16] + address)).first
        #expect(span?.localEndpoint == NetworkEndpoint(ipv4: "1.2.3.4"))
    }
}
