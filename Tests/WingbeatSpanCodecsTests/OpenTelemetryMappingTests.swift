// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("What Zipkin has no field for is said in tags")
struct OpenTelemetryMappingTests {
    private var bare: SpanRecord { SpanRecord(traceID: trace(1), id: spanID(2)) }

    private func tags(_ span: SpanRecord) -> [String: String] {
        Dictionary(uniqueKeysWithValues: ZipkinSpan(span).tags.map { ($0.key, $0.value) })
    }

    @Test("a span without anything to say has no tags")
    func empty() {
        #expect(ZipkinSpan(bare).tags.isEmpty)
        #expect(ZipkinSpan(bare).annotations.isEmpty)
        #expect(ZipkinSpan(bare).localEndpoint == nil)
        #expect(ZipkinSpan(bare).remoteEndpoint == nil)
    }

    @Test("the status is a tag, an error's description is the tag error")
    func status() {
        var span = bare
        span.status = .ok
        #expect(tags(span) == ["otel.status_code": "OK"])
        span.status = .error("timed out")
        #expect(tags(span) == ["otel.status_code": "ERROR", "error": "timed out"])
        span.status = .error("")
        #expect(tags(span) == ["otel.status_code": "ERROR", "error": ""])
        span.attributes = [Attribute("error", "own words")]
        span.status = .error("timed out")
        #expect(tags(span) == ["otel.status_code": "ERROR", "error": "own words"])
    }

    @Test("an attribute error that is false is no tag, for the tag's presence would say error")
    func noError() {
        var span = bare
        span.attributes = [Attribute("error", false)]
        #expect(tags(span).isEmpty)
        span.attributes = [Attribute("error", "false")]
        #expect(tags(span) == ["error": "false"])
    }

    @Test("the resource names the service; its attributes are tags below the span's own")
    func resource() {
        var span = bare
        span.resource = Resource(
            serviceName: "Shop",
            attributes: [Attribute("service.version", "1.2"), Attribute("zone", "a")]
        )
        span.attributes = [Attribute("zone", "b")]
        #expect(tags(span) == ["service.version": "1.2", "zone": "b"])
        #expect(ZipkinSpan(span).localEndpoint == NetworkEndpoint(serviceName: "Shop"))
        span.localEndpoint = NetworkEndpoint(ipv4: "10.0.0.1")
        #expect(ZipkinSpan(span).localEndpoint == NetworkEndpoint(serviceName: "Shop", ipv4: "10.0.0.1"))
    }

    @Test("attributes of every type are texts")
    func types() {
        var span = bare
        span.attributes = [
            Attribute("a", true), Attribute("b", -7), Attribute("c", 1.5),
            Attribute("d", .array(["x\"", 1, false, .array([2.5])])), Attribute("e", ""),
        ]
        #expect(tags(span) == ["a": "true", "b": "-7", "c": "1.5", "d": #"["x\"",1,false,[2.5]]"#, "e": ""])
    }

    @Test("an event's attributes follow its name as JSON")
    func events() {
        var span = bare
        span.events = [
            SpanRecord.Event(nanoseconds: 2_000, name: "plain"),
            SpanRecord.Event(
                nanoseconds: 3_000,
                name: "say \"hi\"",
                attributes: [
                    Attribute("text", "a\"b"), Attribute("count", 3), Attribute("nan", .double(.nan)),
                    Attribute("list", .array([.double(.infinity), "x"])),
                ]
            ),
        ]
        #expect(
            ZipkinSpan(span).annotations.map(\.value) == [
                "plain", #""say \"hi\"":{"text":"a\"b","count":3,"nan":"nan","list":["inf","x"]}"#,
            ]
        )
    }

    @Test(
        "the other side of a call is found in the attributes, an address told from a name",
        arguments: [
            ("peer.service", "db", nil, nil, NetworkEndpoint(serviceName: "db")),
            ("server.address", "db", "server.port", 5432, NetworkEndpoint(serviceName: "db", port: 5432)),
            ("server.address", "10.0.0.1", "server.port", 5432, NetworkEndpoint(ipv4: "10.0.0.1", port: 5432)),
            ("net.peer.name", "db", "net.peer.port", 1, NetworkEndpoint(serviceName: "db", port: 1)),
            ("network.peer.address", "::1", "network.peer.port", 80, NetworkEndpoint(ipv6: "::1", port: 80)),
            ("server.socket.domain", "db", "server.socket.port", 2, NetworkEndpoint(serviceName: "db", port: 2)),
            ("server.socket.address", "1.2.3.4", nil, nil, NetworkEndpoint(ipv4: "1.2.3.4")),
            ("net.sock.peer.name", "db", "net.sock.peer.port", 70_000, NetworkEndpoint(serviceName: "db")),
            ("net.sock.peer.addr", "1.2.3.4", nil, nil, NetworkEndpoint(ipv4: "1.2.3.4")),
            ("peer.hostname", "db", nil, nil, NetworkEndpoint(serviceName: "db")),
            ("peer.address", "1.2.3.4", nil, nil, NetworkEndpoint(ipv4: "1.2.3.4")),
            ("db.name", "orders", nil, nil, NetworkEndpoint(serviceName: "orders")),
        ] as [(String, String, String?, Int64?, NetworkEndpoint)]
    )
    func remoteEndpoint(key: String, value: String, portKey: String?, port: Int64?, endpoint: NetworkEndpoint) {
        var span = bare
        span.attributes = [Attribute(key, value)]
        if let portKey, let port { span.attributes.append(Attribute(portKey, .int(port))) }
        #expect(ZipkinSpan(span).remoteEndpoint == nil, "a span without a kind calls nobody")
        span.kind = .server
        #expect(ZipkinSpan(span).remoteEndpoint == nil, "a server's attributes tell about itself")
        span.kind = .client
        #expect(ZipkinSpan(span).remoteEndpoint == endpoint)
        span.kind = .producer
        #expect(ZipkinSpan(span).remoteEndpoint == endpoint)
    }

    @Test("the better attribute wins, an empty one does not count, and the span's own endpoint beats all")
    func rank() {
        var span = bare
        span.kind = .client
        span.attributes = [
            Attribute("db.name", "orders"), Attribute("server.address", "db-1"), Attribute("peer.service", ""),
        ]
        #expect(ZipkinSpan(span).remoteEndpoint == NetworkEndpoint(serviceName: "db-1"))
        span.attributes.append(Attribute("peer.hostname", "host"))
        #expect(ZipkinSpan(span).remoteEndpoint == NetworkEndpoint(serviceName: "db-1"))
        span.remoteEndpoint = NetworkEndpoint(serviceName: "postgres")
        #expect(ZipkinSpan(span).remoteEndpoint == NetworkEndpoint(serviceName: "postgres"))
    }
}
