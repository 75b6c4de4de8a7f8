// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatModel

@Suite("Jaeger's API", .serialized)
struct JaegerAPITests {
    private static let noProblem = #","total":0,"limit":0,"offset":0,"errors":null}"#

    private func failure(_ code: Int, _ message: String) -> String {
        #"{"data":null,"total":0,"limit":0,"offset":0,"errors":[{"code":\#(code),"msg":"\#(message)"}]}"#
    }

    @Test(
        "an empty collector answers with empty lists",
        arguments: [
            "services", "services/a/operations", "operations?service=a", "traces?service=a", "dependencies",
        ]
    )
    func empty(path: String) async throws {
        let response = try await JaegerUnderTest().get("/api/\(path)")
        #expect(response.status == .ok)
        #expect(response.text == #"{"data":[]"# + Self.noProblem)
        #expect(response.headers[.contentType] == "application/json")
    }

    @Test("names of services and operations, which are asked for in any case")
    func names() async throws {
        let subject = JaegerUnderTest([jaegerSpan(1), jaegerSpan(2, at: "小麦 b", named: "x\"y")])
        let services = try await subject.get("/api/services").text
        #expect(services == #"{"data":["shop","小麦 b"],"total":2,"limit":0,"offset":0,"errors":null}"#)
        let operations = #"{"data":["get /orders"],"total":1,"limit":0,"offset":0,"errors":null}"#
        #expect(try await subject.get("/api/services/Shop/operations").text == operations)
        let named = #"{"data":["x\"y"],"total":1,"limit":0,"offset":0,"errors":null}"#
        #expect(try await subject.get("/api/services/%E5%B0%8F%E9%BA%A6%20b/operations").text == named)
        let kinds =
            #"{"data":[{"name":"get /orders","spanKind":""}],"total":1,"limit":0,"offset":0,"errors":null}"#
        #expect(try await subject.get("/api/operations?service=SHOP&spanKind=server").text == kinds)
    }

    @Test("a trace by its id, in either case and with or without its leading zeros")
    func trace() async throws {
        let subject = JaegerUnderTest([jaegerSpan(10)])
        let expected =
            #"{"data":[{"traceID":"000000000000000a","spans":[{"traceID":"000000000000000a","#
            + #""spanID":"0000000000000001","operationName":"GET /orders","references":[],"#
            + #""startTime":1700000010000000,"duration":10000,"tags":[],"logs":[],"processID":"p1","warnings":null}],"#
            + #""processes":{"p1":{"serviceName":"Shop","tags":[{"key":"zone","type":"string","value":"a"}]}},"#
            + #""warnings":null}]"# + Self.noProblem
        for id in ["a", "A", "000000000000000a", "0000000000000000000000000000000a", "a?start=1&end=2&raw=false"] {
            #expect(try await subject.get("/api/traces/\(id)").text == expected)
        }
    }

    @Test("a trace that nobody has, and an id that is none")
    func noTrace() async throws {
        let missing = try await JaegerUnderTest().get("/api/traces/b")
        #expect(missing.status == .notFound)
        #expect(missing.text == failure(404, "trace not found"))
        #expect(missing.headers[.contentType] == "application/json")
        let wrong = try await JaegerUnderTest().get("/api/traces/xyz")
        #expect(wrong.status == .badRequest)
        let reason = "xyz is not 1 to 32 hexadecimal digits, not all zeros"
        #expect(wrong.text == failure(400, "unable to parse param 'traceID': \(reason)"))
    }

    @Test("the server's side of a shared span has an id of its own, unless the spans are asked for as they came")
    func sharedSpans() async throws {
        var client = jaegerSpan(1, 2)
        client.kind = .client
        var server = jaegerSpan(1, 2, at: "Stock")
        server.kind = .server
        server.isShared = true
        let subject = JaegerUnderTest([client, server])
        let ids = { (text: String) in text.split(separator: #""spanID":""#).dropFirst().map { $0.prefix(16).suffix(1) }
        }
        #expect(ids(try await subject.get("/api/traces/1").text) == ["2", "3", "2"])  // the last is a reference
        #expect(ids(try await subject.get("/api/traces/1?raw=true").text) == ["2", "2"])
    }

    @Test("traces by repeated ids: those that are missing are named")
    func tracesByID() async throws {
        let subject = JaegerUnderTest([jaegerSpan(1), jaegerSpan(2)])
        let response = try await subject.get("/api/traces?traceID=2&traceID=9&traceID=1")
        #expect(response.status == .ok)
        #expect(
            response.text.hasSuffix(
                #""total":0,"limit":0,"offset":0,"errors":[{"msg":"trace not found","traceID":"0000000000000009"}]}"#
            )
        )
        #expect(try await subject.traceIDs("/api/traces?traceID=2&traceID=9&traceID=1") == [2, 1])
    }

    @Test(
        "a search that makes no sense is refused in Jaeger's words",
        arguments: [
            ("", "parameter 'service' is required"), ("limit=5", "parameter 'service' is required"),
            ("service=a&minDuration=2s&maxDuration=1s", "'maxDuration' should be greater than 'minDuration'"),
            ("service=a&tag=k", "malformed 'tag' parameter, expecting key:value, received: k"),
            (
                "service=a&tags=x",
                "malformed 'tags' parameter, cannot unmarshal JSON: Malformed: expected a value at byte 0, but found \\\"x\\\""
            ),
            ("service=a&tags=[]", "malformed 'tags' parameter, cannot unmarshal JSON: it is no object"),
            ("service=a&tags={%22x%22:1}", "malformed 'tags' parameter, cannot unmarshal JSON: x is no string"),
            ("service=a&start=x", "unable to parse param 'start': x is not a whole number of 64 bits"),
            ("service=a&end=1.5", "unable to parse param 'end': 1.5 is not a whole number of 64 bits"),
            ("service=a&limit=x", "unable to parse param 'limit': x is not a whole number of 64 bits"),
            ("service=a&limit=0", "unable to parse param 'limit': 0 is not positive"),
            (
                "service=a&minDuration=20",
                "unable to parse param 'minDuration': 20 is not a duration such as 1.2s, 100ms or 500us"
            ),
            ("service=%zz", "service=%zz is not percent-encoded UTF-8"),
        ]
    )
    func refused(query: String, message: String) async throws {
        let subject = JaegerUnderTest()
        let response = try await subject.get("/api/traces?\(query)")
        #expect(response.status == .badRequest)
        #expect(response.text == failure(400, message))
        #expect(subject.store.queries == [])
    }

    @Test("operations need a service, dependencies a time that makes sense")
    func otherParameters() async throws {
        #expect(
            try await JaegerUnderTest().get("/api/operations").text == failure(400, "parameter 'service' is required")
        )
        let response = try await JaegerUnderTest().get("/api/dependencies?endTs=0")
        #expect(response.text == failure(400, "unable to parse param 'endTs': endTs <= 0"))
    }

    @Test("links of a time, and those of one service")
    func dependencies() async throws {
        let minute = Int64(someSecond) / 60_000_000
        let subject = JaegerUnderTest(rollups: [
            Rollup(.link, minute: minute, service: "a", name: "b", calls: CallStatistics(count: 3, errors: 1)),
            Rollup(.link, minute: minute, service: "b", name: "c", calls: CallStatistics(count: 4)),
        ])
        let window = "endTs=\(someSecond / 1000)&lookback=60000"
        let first = #"{"parent":"a","child":"b","callCount":3}"#
        let second = #"{"parent":"b","child":"c","callCount":4}"#
        let all = #"{"data":[\#(first),\#(second)]"# + Self.noProblem
        #expect(try await subject.get("/api/dependencies?\(window)").text == all)
        let one = #"{"data":[\#(second)]"# + Self.noProblem
        #expect(try await subject.get("/api/dependencies?\(window)&service=C").text == one)
        #expect(try await subject.get("/api/dependencies").text == #"{"data":[]"# + Self.noProblem)
    }

    @Test("OTLP in JSON becomes Jaeger's JSON, and is not kept")
    func transform() async throws {
        let subject = JaegerUnderTest()
        let body =
            #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}}]},"#
            + #""scopeSpans":[{"spans":[{"traceId":"0000000000000000000000000000000A","spanId":"000000000000000b","#
            + #""name":"n","startTimeUnixNano":"5000","endTimeUnixNano":"7000"}]}]}]}"#
        let response = try await subject.send(.post, "/api/transform", body: body)
        #expect(
            response.text
                == #"{"data":[{"traceID":"000000000000000a","spans":[{"traceID":"000000000000000a","#
                + #""spanID":"000000000000000b","operationName":"n","references":[],"startTime":5,"duration":2,"#
                + #""tags":[],"logs":[],"processID":"p1","warnings":null}],"#
                + #""processes":{"p1":{"serviceName":"s","tags":[]}},"warnings":null}]"# + Self.noProblem
        )
        let wrong = try await subject.send(.post, "/api/transform", body: "[")
        #expect(wrong.status == .badRequest)
        #expect(wrong.text.hasPrefix(#"{"data":null,"total":0,"limit":0,"offset":0,"errors":[{"code":400,"msg":"Malf"#))
    }

    @Test("prettyPrint spreads the answer over lines")
    func pretty() async throws {
        let expected = """
            {
                "data": [],
                "total": 0,
                "limit": 0,
                "offset": 0,
                "errors": null
            }
            """
        #expect(try await JaegerUnderTest().get("/api/services?prettyPrint=true").text == expected)
        let subject = JaegerUnderTest([jaegerSpan(1, at: #"a\",b:{"#)])
        #expect(try await subject.get("/api/services?prettyPrint").text.contains("null") == true)
        #expect(try await subject.get("/api/services?prettyPrint=1").text.contains(#"        "a\\\",b:{"#))
        #expect(try await subject.get("/api/services?prettyPrint=false").text.contains("\n") == false)
    }
}
