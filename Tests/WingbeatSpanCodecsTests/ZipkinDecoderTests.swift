// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Spans read from Zipkin JSON are brought into one form")
struct ZipkinDecoderTests {
    @Test(
        "trace ids may be shorter than they are written",
        arguments: [
            ("1", trace(1)), ("0000000000000001", trace(1)), ("00000000000000000000000000000001", trace(1)),
            ("10000000000000000", trace(0, high: 1)),
            (
                "463ac35c9f6413ad48485a3953bb6124",
                trace(
                    0x4848_5A39_53BB_6124,
                    high: 0x463A_C35C_9F64_13AD
                )
            ),
        ]
    )
    func traceIDs(text: String, id: TraceID) throws {
        #expect(try decode(#"[{"traceId":"\#(text)","id":"1"}]"#).map(\.traceID) == [id])
    }

    @Test(
        "a parent of zeros, or the span itself as its parent, is no parent",
        arguments: ["0000000000000000", "0", "2"]
    )
    func noParent(parent: String) throws {
        #expect(try decode(span(#""parentId":"\#(parent)""#)).map(\.parentID) == [nil])
    }

    @Test("a parent is kept, wherever the ids stand among the fields")
    func parent() throws {
        let spans = try decode(#"[{"parentId":"a","name":"x","id":"b","tags":{},"traceId":"c"}]"#)
        let wanted = SpanRecord(traceID: trace(0xC), id: spanID(0xB), parentID: spanID(0xA), name: "x")
        #expect(spans == [wanted])
    }

    @Test("unknown fields are skipped, whatever they hold")
    func unknownFields() throws {
        let extra = #""x":{"y":[1,-2.5e+3,true,false,null,"z\n",{"id":"9"},[]]},"version":0.1,"links":[{}]"#
        #expect(try decode(span(extra)) == [SpanRecord(traceID: trace(1), id: spanID(2))])
    }

    @Test(
        "null in an optional field means nothing",
        arguments: [
            "parentId", "name", "kind", "timestamp", "duration", "localEndpoint", "remoteEndpoint", "annotations",
            "tags", "debug", "shared", "unheardOf",
        ]
    )
    func nulls(field: String) throws {
        #expect(try decode(span(#""\#(field)":null"#)) == [SpanRecord(traceID: trace(1), id: spanID(2))])
    }

    @Test("null in an endpoint means nothing")
    func nullsInEndpoint() throws {
        let json = span(#""localEndpoint":{"serviceName":null,"ipv4":null,"ipv6":null,"port":null}"#)
        #expect(try decode(json).first?.localEndpoint == nil)
    }

    @Test("numbers may be texts, or have an empty fraction")
    func numbersAsText() throws {
        let json = span(#""timestamp":"1700000000000001","duration":35e1,"localEndpoint":{"port":"80"}"#)
        let read = try #require(try decode(json).first)
        #expect(read.startNanoseconds == 1_700_000_000_000_001_000)
        #expect(read.durationNanoseconds == 350_000)
        #expect(read.localEndpoint == NetworkEndpoint(port: 80))
    }

    @Test("times of zero and less are unknown", arguments: ["0", "-1", "\"-5\"", "-0"])
    func noTime(number: String) throws {
        let read = try #require(try decode(span(#""timestamp":\#(number),"duration":\#(number)"#)).first)
        #expect(read.startNanoseconds == 0)
        #expect(read.durationNanoseconds == 0)
    }

    @Test(
        "a port of zero and less is unknown, the largest is 65535",
        arguments: [("0", nil), ("-1", nil), ("1", 1), ("65535", 65535)] as [(String, UInt16?)]
    )
    func ports(number: String, port: UInt16?) throws {
        let read = try decode(span(#""localEndpoint":{"serviceName":"a","port":\#(number)}"#)).first
        #expect(read?.localEndpoint == NetworkEndpoint(serviceName: "a", port: port))
    }

    @Test(
        "addresses are brought into canonical form; an IPv4 address written as IPv6 is IPv4; what is none is ignored",
        arguments: [
            (#""ipv4":"127.0.0.1""#, NetworkEndpoint(ipv4: "127.0.0.1")),
            (#""ipv6":"2001:DB8:0:0:0:0:0:1""#, NetworkEndpoint(ipv6: "2001:db8::1")),
            (#""ipv6":"::ffff:1.2.3.4""#, NetworkEndpoint(ipv4: "1.2.3.4")),
            (#""ipv4":"1.2.3.4","ipv6":"::1""#, NetworkEndpoint(ipv4: "1.2.3.4", ipv6: "::1")),
            (#""ipv4":"localhost""#, nil), (#""ipv4":"1.2.3.256""#, nil), (#""ipv6":"1::2::3""#, nil),
            (#""ipv4":"""#, nil),
        ] as [(String, NetworkEndpoint?)]
    )
    func addresses(fields: String, endpoint: NetworkEndpoint?) throws {
        #expect(try decode(span(#""remoteEndpoint":{\#(fields)}"#)).first?.remoteEndpoint == endpoint)
    }

    @Test("an endpoint without any part, or with an empty name, is none; one without a name is kept")
    func emptyEndpoints() throws {
        #expect(try decode(span(#""localEndpoint":{}"#)).first?.localEndpoint == nil)
        #expect(try decode(span(#""localEndpoint":{"serviceName":"","x":1}"#)).first?.localEndpoint == nil)
        let nameless = try decode(span(#""localEndpoint":{"ipv4":"1.2.3.4"}"#)).first
        #expect(nameless?.localEndpoint == NetworkEndpoint(ipv4: "1.2.3.4"))
        #expect(nameless?.serviceName == nil)
    }

    @Test("only a server's span can be shared: on a client's the flag is removed")
    func sharedClient() throws {
        #expect(try decode(span(#""shared":true,"kind":"CLIENT""#)).first?.isShared == false)
        #expect(try decode(span(#""kind":"SERVER","shared":true"#)).first?.isShared == true)
        #expect(try decode(span(#""shared":true"#)).first?.isShared == true)
    }

    @Test("false flags are no flags")
    func falseFlags() throws {
        let read = try decode(span(#""debug":false,"shared":false"#))
        #expect(read == [SpanRecord(traceID: trace(1), id: spanID(2))])
    }
}
