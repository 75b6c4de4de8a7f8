// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatModel
import WingbeatSpanCodecs

@Suite("The search of the page")
struct PageSearchTests {
    private static let now: Int64 = 1_700_000_000_000

    /// A request to web a second, which cart answers; every third fails, and later ones take longer.
    private static func trace(_ number: UInt64) -> [SpanRecord] {
        let start = UInt64(now) * 1_000_000 - (100 - number) * 1_000_000_000
        var root = SpanRecord(traceID: TraceID(high: 0, low: number) ?? .smallest, id: .smallest, name: "GET /pay")
        root.kind = .client
        root.localEndpoint = NetworkEndpoint(serviceName: "Web", ipv4: "10.0.0.1")
        root.startNanoseconds = start
        root.durationNanoseconds = number * 1_000_000
        var call = SpanRecord(traceID: root.traceID, id: SpanID(2) ?? .smallest, parentID: root.id, name: "charge")
        call.kind = .server
        call.localEndpoint = NetworkEndpoint(serviceName: "cart", ipv4: "10.0.0.2")
        call.startNanoseconds = number == 5 ? start - 1000 : start + 1000
        call.durationNanoseconds = 500_000
        if number % 3 == 0 { call.status = .error("late") }
        if number == 6 { call.attributes = [Attribute(SpanIntake.droppedSpansKey, .int(7))] }
        return number == 9 ? [root, call, call, extra(call)] : [root, call]
    }

    private static func extra(_ span: SpanRecord) -> SpanRecord {
        var span = span
        span.id = SpanID(3) ?? .smallest
        return span
    }

    private func server(_ traces: ClosedRange<UInt64> = 1...10) async throws -> MemoryServer {
        let server = MemoryServer()
        for number in traces { try await server.store.accept(Self.trace(number)) }
        return server
    }

    /// The lines of an answer.
    private func lines(_ server: MemoryServer, _ parameters: String) async throws -> [JSONValue] {
        let response = try await server.get("/api/search?endTs=\(Self.now)&\(parameters)")
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "application/x-ndjson")
        #expect(response.text.hasSuffix("\n"))
        return try response.text.split(separator: "\n").map { try JSONValue(Array($0.utf8)) }
    }

    private func ids(_ lines: [JSONValue]) -> [String] { lines.compactMap { $0["trace"]?["traceId"]?.string } }

    @Test("what is found is listed newest first, with all that a list shows; the last line says that it is all")
    func newest() async throws {
        let text = try await server(5...6).get("/api/search?q=service:web&endTs=\(Self.now)").text
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix(#"{"progress""#) }
        #expect(
            lines == [
                """
                {"trace":{"traceId":"0000000000000006","service":"Web","name":"GET /pay",\
                "timestamp":1699999906000000,"duration":6000,"spanCount":2,"errorCount":1,"services":[\
                {"name":"Web","spanCount":1,"errorCount":0},{"name":"cart","spanCount":1,"errorCount":1}],\
                "truncated":true}}
                """,
                """
                {"trace":{"traceId":"0000000000000005","service":"Web","name":"GET /pay",\
                "timestamp":1699999904999999,"duration":5001,"spanCount":2,"errorCount":0,"services":[\
                {"name":"Web","spanCount":1,"errorCount":0},{"name":"cart","spanCount":1,"errorCount":0}],\
                "skewed":true}}
                """,
                """
                {"end":{"matched":2,"searched":4,"complete":true,"scatter":[\
                [1699999906000000,6000,1,"0000000000000006"],[1699999904999999,5001,0,"0000000000000005"]]}}
                """,
            ]
        )
    }

    @Test(
        "the language chooses, and the order is the server's",
        arguments: [
            ("q=", ["a", "9", "8", "7", "6", "5", "4", "3", "2", "1"]), ("q=error", ["9", "6", "3"]),
            ("q=-error%20duration%3E7ms", ["a", "8"]), ("q=nobody", []), ("limit=2", ["a", "9"]),
            ("q=web&sort=longest&limit=3", ["a", "9", "8"]), ("sort=spans&limit=2", ["9", "a"]),
            ("sort=errors&limit=4", ["9", "6", "3", "a"]), ("sort=newest&q=0000000000000004", ["4"]),
            ("lookback=95000", ["a", "9", "8", "7", "6", "5"]), ("lookback=1000&q=trace:2", ["2"]),
            ("lookback=1000&q=trace:2%20-web", []),
        ]
    )
    func chosen(parameters: String, expected: [String]) async throws {
        let found = try await lines(server(), parameters)
        #expect(ids(found).map { String($0.drop { $0 == "0" }) } == expected)
        #expect(found.last?["end"]?["complete"] == .bool(true))
    }

    @Test("the last line counts what was found beyond the limit, and has a point for each")
    func beyondTheLimit() async throws {
        for sort in ["newest", "longest"] {
            let end = try #require(try await lines(server(), "limit=2&q=web&sort=\(sort)").last?["end"])
            #expect(end["matched"]?.integer == 10)
            #expect(end["searched"]?.integer == 21)
            #expect(end["scatter"]?.elements.count == 10)
        }
    }

    @Test("of many traces there are 2,000 points at most, and those that failed are among them")
    func scatter() async throws {
        let server = MemoryServer()
        var spans: [SpanRecord] = []
        for number in 1...5000 as ClosedRange<UInt64> {
            var span = Self.trace(1)[0]
            span.traceID = TraceID(high: 0, low: number) ?? .smallest
            span.durationNanoseconds = number % 97 * 1_000_000
            if number % 1000 == 1 { span.status = .error("") }
            spans.append(span)
        }
        try await server.store.accept(spans)
        let longest = try #require(try await lines(server, "sort=longest&limit=1").last?["end"])
        #expect(longest["matched"]?.integer == 5000)
        #expect(longest["complete"] == .bool(true))
        let points = longest["scatter"]?.elements ?? []
        #expect(points.count == 2000)
        #expect(points.filter { $0.elements.dropFirst(2).first?.integer == 1 }.count == 5)
        #expect(Set(points.compactMap { $0.elements.last?.string }).count == 2000)
        let newest = try #require(try await lines(server, "limit=1").last?["end"])
        #expect(newest["matched"]?.integer == 2000)
        #expect(newest["complete"] == .bool(false))
        #expect(newest["reason"]?.string == "2000 traces were found")
    }

    @Test("without an end the search goes up to now, and a little beyond")
    func upToNow() async throws {
        let server = MemoryServer()
        var span = Self.trace(1)[0]
        span.startNanoseconds = unixNanoseconds() + 2_000_000_000
        try await server.store.accept([span])
        #expect(try await server.get("/api/search").text.contains(#"{"trace":{"traceId":"0000000000000001""#))
        span.traceID = TraceID(high: 0, low: 2) ?? .smallest
        span.startNanoseconds -= 20 * 60 * 1_000_000_000
        try await server.store.accept([span])
        #expect(!(try await server.get("/api/search").text.contains("0000000000000002")))
        #expect(try await server.get("/api/search?lookback=1800000").text.contains("0000000000000002"))
    }

    @Test(
        "a mistake in the language is JSON with its place, wherever the language is spoken",
        arguments: ["/api/search?q=a%3E", "/api/tail?q=a%3E", "/api/trace/1/find?q=a%3E"]
    )
    func mistakes(path: String) async throws {
        let response = try await server().get(path)
        #expect(response.status == .badRequest)
        #expect(response.headers[.contentType] == "application/json")
        #expect(response.text == #"{"error":"expected a value for a, found the end","position":2}"#)
    }

    @Test(
        "parameters that make no sense are refused in a sentence",
        arguments: [
            ("limit=0", "limit=0 is not between 1 and 1000"), ("limit=1001", "limit=1001 is not between 1 and 1000"),
            ("sort=best", "sort=best is none of newest, longest, spans and errors"), ("endTs=0", "endTs <= 0"),
            ("lookback=-1", "lookback <= 0"), ("endTs=x", "endTs=x is not a whole number"),
        ]
    )
    func parameters(parameters: String, sentence: String) async throws {
        let response = try await server().get("/api/search?\(parameters)")
        #expect(response.status == .badRequest)
        #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(response.text == sentence)
    }

    @Test("a store that fails ends the answer with its reason")
    func failure() async throws {
        let server = MemoryServer(FakeSpanStore(failure: SpanStoreError.unavailable("no disk")), .init())
        #expect(
            try await server.get("/api/search").text
                == #"{"end":{"matched":0,"searched":0,"complete":false,"reason":"no disk","scatter":[]}}"# + "\n"
        )
    }

    @Test("within a trace the spans that meet a search are named")
    func find() async throws {
        let server = try await server()
        for (query, ids) in [("error", ["2", "3"]), ("-service:cart", ["1"]), ("nobody", []), ("", ["1", "2", "3"])] {
            let text = try await server.get("/api/trace/9/find?q=\(query)").text
            #expect(text == #"{"spans":["# + ids.map { "\"000000000000000\($0)\"" }.joined(separator: ",") + "]}")
        }
        #expect(try await server.get("/api/trace/77/find?q=a").status == .notFound)
    }
}

@Suite("Completion of searches")
struct SearchCompletionAPITests {
    private func options(_ query: String, _ position: Int? = nil) async throws -> (Range<Int64>, [String]) {
        let server = MemoryServer { $0.autocompleteKeys = ["env", "my key"] }
        let post = """
            [{"traceId":"a","id":"1","name":"get /pay","localEndpoint":{"serviceName":"web shop"},"tags":{"env":"prod"}},
             {"traceId":"a","id":"2","name":"charge","localEndpoint":{"serviceName":"cart"},"tags":{"env":"beta"},
              "remoteEndpoint":{"serviceName":"db"}}]
            """
        #expect(try await server.post(post).status == .accepted)
        let encoded = query.utf8.map { "%" + String(Int($0) + 0x100, radix: 16).suffix(2) }.joined()
        let place = position.map { "&position=\($0)" } ?? ""
        let response = try await server.get("/api/search/complete?q=\(encoded)\(place)")
        #expect(response.status == .ok)
        let json = try JSONValue(Array(response.body.readableBytesView))
        let range = (json["from"]?.integer ?? -2)..<(json["to"]?.integer ?? -1)
        return (range, (json["options"]?.elements ?? []).compactMap { $0["text"]?.string })
    }

    @Test("at the start fields, keywords and tags are proposed, twenty at most")
    func start() async throws {
        let (range, options) = try await options("")
        #expect(range == 0..<0)
        #expect(options.prefix(4) == ["service:", "name:", "duration:", "error"])
        #expect(options.count == 20)
        #expect(options.contains("env:"))
    }

    @Test("a word is completed to keys, services, and operations of the service that is named")
    func words() async throws {
        #expect(try await options("se") == (0..<2, ["service:", "server.address:", "service.version:"]))
        #expect(try await options("car") == (0..<3, ["service:cart"]))
        #expect(try await options("sho") == (0..<3, [#"service:"web shop""#]))
        #expect(try await options("service:cart cha") == (13..<16, ["name:charge"]))
        #expect(try await options("my") == (0..<2, [#""my key":"#]))
        #expect(try await options("-err", 4) == (1..<4, ["error", "error.type:"]))
        #expect(try await options("zzz") == (0..<3, []))
    }

    @Test("a value is completed to what the key has, in place of all of it")
    func values() async throws {
        #expect(try await options("service:") == (8..<8, ["cart", #""web shop""#]))
        #expect(try await options("service:c error", 9) == (8..<9, ["cart"]))
        #expect(try await options(#"service:"we"#) == (8..<11, [#""web shop""#]))
        #expect(try await options("service:sh") == (8..<10, [#""web shop""#]))
        #expect(try await options("name:") == (5..<5, ["charge", #""get /pay""#]))
        #expect(try await options("service:cart name:") == (18..<18, ["charge"]))
        #expect(try await options("remote:") == (7..<7, ["db"]))
        #expect(try await options("env=p") == (4..<5, ["prod"]))
        #expect(try await options("env:") == (4..<4, ["beta", "prod"]))
        #expect(try await options("kind:c") == (5..<6, ["client", "consumer"]))
        #expect(try await options("error:") == (6..<6, ["true", "false"]))
        #expect(try await options("zzz:") == (4..<4, []))
    }

    @Test("any text at any place is completed without trouble, with a range within the text")
    func anything() async throws {
        for text in ["((", "a:\"", "\"", "-", "😀 se", "a:)", "{ service:", "a > ", "NOT "] {
            for position in [-1, 0, 1, 2, text.utf16.count, 99] {
                let (range, _) = try await options(text, position)
                #expect(range.lowerBound >= 0 && range.upperBound <= text.utf16.count, "\(text) \(position)")
            }
        }
        #expect(try await options("😀 se").0 == 3..<5)
    }
}
