// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Spans of Zipkin's first version become one span for each side")
struct ZipkinV1Tests {
    private let frontend = #"{"serviceName":"frontend","ipv4":"127.0.0.1"}"#
    private let backend = #"{"serviceName":"backend","ipv4":"192.168.99.101","port":9000}"#
    private let client = NetworkEndpoint(serviceName: "frontend", ipv4: "127.0.0.1")
    private let server = NetworkEndpoint(serviceName: "backend", ipv4: "192.168.99.101", port: 9000)

    private func event(_ value: String, at time: Int, on endpoint: String?) -> String {
        #"{"timestamp":\#(time),"value":"\#(value)""# + (endpoint.map { #","endpoint":\#($0)"# } ?? "") + "}"
    }

    private func json(_ events: [String], binary: [String] = [], _ fields: String = "") -> String {
        #"[{"traceId":"1","parentId":"3","id":"2","name":"get"\#(fields),"#
            + #""annotations":[\#(events.joined(separator: ","))],"#
            + #""binaryAnnotations":[\#(binary.joined(separator: ","))]}]"#
    }

    private func decode(_ json: String) throws(SpanDecodingError) -> [SpanRecord] {
        try ZipkinV1JSONDecoder.decode(Array(json.utf8))
    }

    private func refusal(of json: String) -> String? {
        do throws(SpanDecodingError) {
            _ = try decode(json)
            return nil
        } catch {
            return error.description
        }
    }

    /// A span of the sample's ids with what a test cares for.
    private func span(
        _ kind: SpanRecord.Kind?,
        _ start: UInt64,
        _ duration: UInt64,
        _ local: NetworkEndpoint?,
        _ remote: NetworkEndpoint? = nil
    ) -> SpanRecord {
        var span = SpanRecord(traceID: trace(1), id: spanID(2), parentID: spanID(3), name: "get")
        span.kind = kind
        span.startNanoseconds = start * 1000
        span.durationNanoseconds = duration * 1000
        span.localEndpoint = local
        span.remoteEndpoint = remote
        return span
    }

    @Test("a client's span, from what it says of its times or else from its annotations")
    func clientSpan() throws {
        let events = [event("cr", at: 9, on: frontend), event("cs", at: 2, on: frontend)]
        #expect(try decode(json(events)) == [span(.client, 2, 7, client)])
        #expect(try decode(json(events, #","timestamp":1,"duration":5"#)) == [span(.client, 1, 5, client)])
    }

    @Test("a server's span is shared when it leaves its times to its client")
    func serverSpan() throws {
        let events = [event("sr", at: 2, on: backend), event("ss", at: 9, on: backend)]
        var shared = span(.server, 2, 7, server)
        shared.isShared = true
        #expect(try decode(json(events)) == [shared])
        #expect(try decode(json(events, #","timestamp":2,"duration":7"#)) == [span(.server, 2, 7, server)])
    }

    @Test("a span of both sides is taken apart; the server's is shared and has its own times")
    func bothSides() throws {
        let events = [
            event("cs", at: 1, on: frontend), event("sr", at: 2, on: backend), event("ss", at: 4, on: backend),
            event("cr", at: 5, on: frontend), event("miss", at: 3, on: backend),
        ]
        var shared = span(.server, 2, 2, server)
        shared.isShared = true
        shared.events = [SpanRecord.Event(nanoseconds: 3000, name: "miss")]
        #expect(try decode(json(events)) == [span(.client, 1, 4, client), shared])
    }

    @Test("a service that calls itself has two spans, too")
    func loopback() throws {
        let events = ["cs", "sr", "ss", "cr"].enumerated().map { event($1, at: $0 + 1, on: frontend) }
        var shared = span(.server, 2, 1, client)
        shared.isShared = true
        #expect(try decode(json(events)) == [span(.client, 1, 3, client), shared])
    }

    @Test("nobody answers a call of one way: it has no duration")
    func oneWay() throws {
        var shared = span(.server, 2, 0, server)
        shared.isShared = true
        let events = [event("cs", at: 1, on: frontend), event("sr", at: 2, on: backend)]
        #expect(try decode(json(events)) == [span(.client, 1, 0, client), shared])
    }

    @Test("an end without its start stays an annotation, unless the times tell the start")
    func incompleteCalls() throws {
        var client = span(.client, 0, 0, client)
        client.events = [SpanRecord.Event(nanoseconds: 9000, name: "cr")]
        #expect(try decode(json([event("cr", at: 9, on: frontend)])) == [client])
        #expect(
            try decode(json([event("cr", at: 9, on: frontend)], #","timestamp":2,"duration":7"#))
                == [span(.client, 2, 7, self.client)]
        )
        #expect(try decode(json([event("cs", at: 3, on: frontend)])) == [span(.client, 3, 0, self.client)])
    }

    @Test("a message has a producer and a consumer")
    func messages() throws {
        let kafka = #"{"key":"ma","value":true,"endpoint":{"serviceName":"kafka"}}"#
        let broker = NetworkEndpoint(serviceName: "kafka")
        let sent = [event("ms", at: 1, on: frontend), event("ws", at: 3, on: frontend)]
        #expect(try decode(json(sent, binary: [kafka])) == [span(.producer, 1, 2, client, broker)])
        let received = [event("wr", at: 5, on: backend), event("mr", at: 8, on: backend)]
        #expect(try decode(json(received, binary: [kafka])) == [span(.consumer, 5, 3, server, broker)])
        #expect(try decode(json([event("mr", at: 8, on: backend)])) == [span(.consumer, 8, 0, server)])
        var shared = span(.consumer, 5, 3, server, broker)
        shared.isShared = true
        #expect(
            try decode(json(sent + received, binary: [kafka])) == [span(.producer, 1, 2, client, broker), shared]
        )
    }

    @Test("addresses are the other side; what of both is known decides who is who")
    func addresses() throws {
        func address(_ key: String, _ endpoint: String, _ value: String = "true") -> String {
            #"{"key":"\#(key)","value":\#(value),"endpoint":\#(endpoint)}"#
        }
        let calls = [event("cs", at: 1, on: frontend), event("cr", at: 2, on: frontend)]
        for value in ["true", "1", #""1""#, #""""#] {
            #expect(
                try decode(json(calls, binary: [address("sa", backend, value)])) == [
                    span(.client, 1, 1, client, server)
                ]
            )
        }
        let both = [address("ca", frontend), address("sa", backend)]
        #expect(try decode(json([], binary: both)) == [span(nil, 0, 0, client, server)])
        #expect(try decode(json([], binary: [both[0]])) == [span(.server, 0, 0, nil, client)])
        #expect(try decode(json([], binary: [both[1]])) == [span(nil, 0, 0, nil, server)])
        let served = [event("sr", at: 1, on: backend), event("ss", at: 2, on: backend)]
        let times = #","timestamp":1,"duration":1"#
        #expect(try decode(json(served, binary: [both[0]], times)) == [span(.server, 1, 1, server, client)])
        let port = address("ca", #"{"serviceName":"backend","ipv4":"1.2.3.4"}"#)
        #expect(
            try decode(json(served, binary: [port], times))
                == [span(.server, 1, 1, server, NetworkEndpoint(ipv4: "1.2.3.4"))],
            "a client with the server's own name would be a service that calls itself"
        )
    }

    @Test("tags keep their types; a mark of a local span is its endpoint and no tag")
    func tags() throws {
        let mark = #"{"key":"lc","value":"","endpoint":\#(frontend)}"#
        #expect(try decode(json([], binary: [mark])) == [span(nil, 0, 0, client)])
        var local = span(nil, 0, 0, client)
        local.attributes = [
            Attribute("lc", "spring"), Attribute("a", 1), Attribute("b", 1.5), Attribute("c", true),
            Attribute("sa", "none"),
        ]
        let binary = [
            #"{"key":"lc","value":"spring","endpoint":\#(frontend)}"#, #"{"key":"a","value":1}"#,
            #"{"key":"b","value":1.5}"#, #"{"key":"c","value":true}"#, #"{"key":"sa","value":"none"}"#,
        ]
        #expect(try decode(json([], binary: binary)) == [local])
    }

    @Test("tags of two hosts go to the span of each; what has no host goes to the first")
    func hosts() throws {
        let events = [event("x", at: 1, on: frontend), event("y", at: 2, on: backend), event("z", at: 3, on: nil)]
        let spans = try decode(json(events, binary: [#"{"key":"k","value":"v","endpoint":\#(backend)}"#]))
        #expect(spans.map(\.serviceName) == ["frontend", "backend"])
        #expect(spans.map { $0.events.map(\.name) } == [["x", "z"], ["y"]])
        #expect(spans.map { $0.attributes.map(\.key) } == [[], ["k"]])
        #expect(Set(spans.map(\.id)).count == 1)
    }

    @Test(
        "what is wrong is said in Zipkin's words",
        arguments: [
            ("", "Expected a JSON_V1 encoded list\n"),
            ("{}", "Expected a JSON_V1 encoded list\n"),
            (
                #"[{"traceId":"1","id":"2","localEndpoint":{}}]"#,
                "Expected a JSON_V1 encoded list, but received: JSON_V2\n"
            ),
            (#"[{"traceId":"1","id":"2","tags":{}}]"#, "Expected a JSON_V1 encoded list, but received: JSON_V2\n"),
            (#"[{"traceId":"A"}]"#, "A should be lower-hex encoded with no prefix reading List<Span> from json"),
            (#"[{"traceId":"1"}]"#, "$[0]: missing id reading List<Span> from json"),
            (
                #"[{"annotations":[{"value":"x"}]}]"#,
                "Incomplete annotation at $[0].annotations[0].timestamp reading List<Span> from json"
            ),
            (
                #"[{"annotations":[{"timestamp":1}]}]"#,
                "Incomplete annotation at $[0].annotations[0].value reading List<Span> from json"
            ),
            (
                #"[{"binaryAnnotations":[{"value":"x"}]}]"#,
                "No key at $[0].binaryAnnotations[0] reading List<Span> from json"
            ),
            ("[{", "Malformed reading List<Span> from json: expected a key at byte 2, but the input ends"),
        ]
    )
    func errors(json: String, text: String) {
        #expect(refusal(of: json) == text)
    }

    @Test("10,000 hosts in one span are 10,000 spans, and no more work than that")
    func manyHosts() throws {
        let events = (0..<10_000).map { event("x", at: 1, on: #"{"serviceName":"s\#($0)"}"#) }
        #expect(try decode(json(events)).count == 10_000)
    }
}
