// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Zipkin's Thrift is read")
struct ZipkinThriftTests {
    private func refusal(of bytes: [UInt8]) -> String? {
        do throws(SpanDecodingError) {
            _ = try ZipkinThriftDecoder.decode(bytes)
            return nil
        } catch {
            return error.description
        }
    }

    private func text(_ text: String) -> [UInt8] { [0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8) }
    private func i64(_ field: UInt8, _ value: UInt8) -> [UInt8] { [10, 0, field, 0, 0, 0, 0, 0, 0, 0, value] }

    /// A list of one span whose fields after its ids (1 and 2) are given.
    private func list(_ fields: [UInt8]) -> [UInt8] { [12, 0, 0, 0, 1] + i64(1, 1) + i64(4, 2) + fields + [0] }

    private func binary(_ type: UInt8, _ value: [UInt8]) -> [UInt8] {
        [15, 0, 8, 12, 0, 0, 0, 1, 11, 0, 1] + text("k") + [11, 0, 2, 0, 0, 0, UInt8(value.count)] + value
            + [8, 0, 3, 0, 0, 0, type, 0]
    }

    @Test("the bytes of a client's span with everything in it")
    func golden() throws {
        let endpoint: [UInt8] = [8, 0, 1, 127, 0, 0, 1, 6, 0, 2, 0x1F, 0x90, 11, 0, 3] + text("Shop") + [0]
        let ipv6: [UInt8] = [11, 0, 4, 0, 0, 0, 16, 0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        func annotation(_ time: UInt8, _ value: String) -> [UInt8] {
            i64(1, time) + [11, 0, 2] + text(value) + [12, 0, 3] + endpoint + [0]
        }
        let annotations = annotation(1, "cs") + annotation(9, "cr") + annotation(3, "hit")
        let address =
            [11, 0, 1] + text("sa") + [11, 0, 2, 0, 0, 0, 1, 1, 8, 0, 3, 0, 0, 0, 0, 12, 0, 4] + ipv6 + [0, 0]
        let fields =
            [11, 0, 3] + text("GET") + i64(5, 7) + [15, 0, 6, 12, 0, 0, 0, 3] + annotations
            + [15, 0, 8, 12, 0, 0, 0, 1] + address + [2, 0, 9, 1] + i64(12, 5)
        var span = SpanRecord(traceID: trace(1, high: 5), id: spanID(2), parentID: spanID(7), name: "GET")
        span.kind = .client
        span.startNanoseconds = 1000
        span.durationNanoseconds = 8000
        span.localEndpoint = NetworkEndpoint(serviceName: "Shop", ipv4: "127.0.0.1", port: 8080)
        span.remoteEndpoint = NetworkEndpoint(ipv6: "2001:db8::1")
        span.events = [SpanRecord.Event(nanoseconds: 3000, name: "hit")]
        span.isDebug = true
        #expect(try ZipkinThriftDecoder.decode(list(fields)) == [span])
    }

    @Test(
        "tags keep their types; bytes that do not fit their type stay bytes",
        arguments: [
            (0, [1], true), (0, [0], false), (1, [1, 2], .bytes([1, 2])), (2, [0xFF, 0xFE], -2),
            (3, [0, 0, 1, 0], 256),
            (4, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], -1), (5, [0x3F, 0xF8, 0, 0, 0, 0, 0, 0], 1.5),
            (6, [0xC3, 0xA9], "é"), (6, [], ""), (3, [1], .bytes([1])), (99, [1], .bytes([1])),
        ] as [(UInt8, [UInt8], AttributeValue)]
    )
    func types(type: UInt8, bytes: [UInt8], value: AttributeValue) throws {
        let span = try ZipkinThriftDecoder.decode(list(binary(type, bytes))).first
        #expect(span?.attributes == [Attribute("k", value)])
    }

    @Test("unknown fields of every type are skipped")
    func unknownFields() throws {
        let fields: [UInt8] =
            [2, 0, 99, 1, 3, 0, 99, 1, 6, 0, 99, 0, 1, 8, 0, 99, 0, 0, 0, 1, 4, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0]
            + [11, 0, 99] + text("x") + [12, 0, 99, 2, 0, 1, 1, 0] + [13, 0, 99, 0, 0, 0, 0, 0, 0]
            + [13, 0, 99, 3, 2, 0, 0, 0, 1, 1, 1] + [14, 0, 99, 3, 0, 0, 0, 2, 1, 1] + [15, 0, 99, 3, 0, 0, 0, 1, 1]
        #expect(try ZipkinThriftDecoder.decode(list(fields)) == [SpanRecord(traceID: trace(1), id: spanID(2))])
    }

    @Test("no bytes and an empty list are no spans; some clients' lists say that they hold texts")
    func lists() throws {
        #expect(try ZipkinThriftDecoder.decode([]) == [])
        #expect(try ZipkinThriftDecoder.decode([12, 0, 0, 0, 0]) == [])
        #expect(try ZipkinThriftDecoder.decode([11] + list([]).dropFirst()).count == 1)
    }

    @Test(
        "what is wrong is said in Zipkin's words",
        arguments: [
            ([12, 0, 0, 0, 66, 1, 2, 3, 4, 5, 6, 7, 8], "Truncated: length 66 > bytes available 8"),
            ([12, 0, 0], "Truncated: length 4 > bytes available 2"),
            ([12, 0, 0, 0, 1, 10], "Truncated: length 2 > bytes available 0"),
            ([12, 0xFF, 0xFF, 0xFF, 0xFF], "Malformed: length -1 before byte 5"),
            ([12, 0, 0, 0, 1, 7, 0, 0], "Malformed: invalid type 7 at byte 5"),
            ([12, 0, 0, 0, 1, 0], "traceId is all zeros"),
            ([12, 0, 0, 0, 1, 10, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0], "id is all zeros"),
            (
                [12, 0, 0, 0, 1, 15, 0, 6, 3, 0, 0, 0, 1, 0],
                "Malformed: expected a list of structures before byte 13"
            ),
        ] as [([UInt8], String)]
    )
    func errors(bytes: [UInt8], text: String) {
        #expect(refusal(of: bytes) == text + " reading List<Span> from TBinary")
    }

    @Test("other formats are no list", arguments: ["[]", "hello", "\n"])
    func otherFormats(text: String) {
        #expect(refusal(of: Array(text.utf8)) == "Expected a THRIFT encoded list\n")
    }

    @Test("100,000 lists inside each other are refused")
    func nesting() {
        var fields: [UInt8] = [15, 0, 99]
        for _ in 0..<100_000 { fields += [15, 0, 0, 0, 1] }
        #expect(refusal(of: list(fields))?.hasPrefix("Malformed: expected at most 64 levels of nesting") == true)
    }

    @Test("an annotation without a time is left out and counted")
    func annotationWithoutTime() throws {
        let span = try ZipkinThriftDecoder.decode(list([15, 0, 6, 12, 0, 0, 0, 1, 11, 0, 2] + text("x") + [0])).first
        #expect(span?.events.isEmpty == true)
        #expect(span?.dropped.events == 1)
    }
}
