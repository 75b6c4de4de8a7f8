// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatModel

@Suite("Jaeger's API, version 3", .serialized)
struct JaegerV3Tests {
    private static let window =
        "query.startTimeMin=2023-11-14T22:13:20Z&query.startTimeMax=2023-11-14T23:13:20.5%2B00:00"

    private func failure(_ code: Int, _ message: String) -> String {
        #"{"error":{"httpCode":\#(code),"message":"\#(message)"}}"#
    }

    @Test("names")
    func names() async throws {
        let subject = JaegerUnderTest([jaegerSpan(1)])
        #expect(try await JaegerUnderTest().get("/api/v3/services").text == #"{"services":[]}"#)
        #expect(try await subject.get("/api/v3/services").text == #"{"services":["shop"]}"#)
        let operations = #"{"operations":[{"name":"get /orders","spanKind":""}]}"#
        #expect(try await subject.get("/api/v3/operations?service=Shop&span_kind=server").text == operations)
        #expect(try await subject.get("/api/v3/operations").text == #"{"operations":[]}"#)
    }

    @Test("a trace is OTLP; its id may be hexadecimal or Base64")
    func trace() async throws {
        let subject = JaegerUnderTest([jaegerSpan(10, with: [Attribute("n", 1)])])
        let expected =
            #"{"result":{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":"#
            + #"{"stringValue":"Shop"}},{"key":"zone","value":{"stringValue":"a"}}]},"scopeSpans":[{"spans":[{"#
            + #""traceId":"0000000000000000000000000000000a","spanId":"0000000000000001","name":"GET /orders","#
            + #""startTimeUnixNano":"1700000010000000000","endTimeUnixNano":"1700000010010000000","#
            + #""attributes":[{"key":"n","value":{"intValue":"1"}}]}]}]}]}}"#
        for id in ["a", "0000000000000000000000000000000A", "AAAAAAAAAAAAAAAAAAAACg==", "AAAAAAAAAAAAAAAAAAAACg%3D%3D"]
        {
            #expect(try await subject.get("/api/v3/traces/\(id)").text == expected)
        }
        #expect(try await subject.get("/api/v3/traces?\(Self.window)&query.serviceName=shop").text == expected)
    }

    @Test("nothing found is a 404")
    func notFound() async throws {
        for path in ["traces/b", "traces?\(Self.window)"] {
            let response = try await JaegerUnderTest().get("/api/v3/\(path)")
            #expect(response.status == .notFound)
            #expect(response.text == failure(404, "No traces found"))
        }
    }

    @Test(
        "parameters that make no sense are refused",
        arguments: [
            ("traces", "query.startTimeMin and query.startTimeMax are required"),
            ("trace-summaries", "query.startTimeMin and query.startTimeMax are required"),
            (
                "traces?query.start_time_min=x",
                "malformed parameter query.start_time_min: x is not a time such as 2026-01-02T03:04:05.678Z"
            ),
            (
                "traces?\(window)&query.durationMin=1",
                "malformed parameter query.durationMin: 1 is not a duration such as 1.2s, 100ms or 500us"
            ),
            (
                "traces?\(window)&query.durationMin=2s&query.durationMax=1s",
                "query.durationMax is less than query.durationMin"
            ),
            ("traces?\(window)&query.attributes=[]", "malformed parameter query.attributes: it is no object"),
            (
                "traces?\(window)&query.num_traces=0",
                "malformed parameter query.num_traces: 0 is not a whole number from 1 to 4294967295"
            ),
            ("traces?\(window)&query.filter={}", "query.filter is not supported; use query.attributes"),
            ("traces/xyz", "malformed parameter trace_id: xyz is neither hexadecimal digits nor 16 bytes in Base64"),
            (
                "traces/AAAAAAAAAAAAAAAAAAAAAA==",
                "malformed parameter trace_id: AAAAAAAAAAAAAAAAAAAAAA== is neither hexadecimal digits nor 16 bytes in Base64"
            ),
        ]
    )
    func refused(path: String, message: String) async throws {
        let response = try await JaegerUnderTest().get("/api/v3/\(path)")
        #expect(response.status == .badRequest)
        #expect(response.text == failure(400, message))
        #expect(response.headers[.contentType] == "application/json")
    }

    @Test("summaries say what a list shows, and are searched for with every parameter, in camel and in snake case")
    func summaries() async throws {
        var failed = jaegerSpan(1, 2, parent: 1, at: "Stock", named: "reserve", with: [Attribute("k", "v")])
        failed.status = .error("")
        failed.kind = .server
        let lost = jaegerSpan(1, 4, parent: 9, at: "Stock", named: "lost", milliseconds: 3)
        let subject = JaegerUnderTest([jaegerSpan(1), failed, lost, jaegerSpan(2)])
        let expected =
            #"{"summaries":[{"traceId":"00000000000000000000000000000001","rootServiceName":"Shop","#
            + #""rootOperationName":"GET /orders","minStartTimeUnixNano":"1700000001000000000","#
            + #""maxEndTimeUnixNano":"1700000001010000000","spanCount":3,"errorSpanCount":1,"orphanSpanCount":1,"#
            + #""services":[{"name":"Shop","spanCount":1,"errorSpanCount":0},"#
            + #"{"name":"Stock","spanCount":2,"errorSpanCount":1}]}]}"#
        let camel =
            "\(Self.window)&query.serviceName=stock&query.operationName=Reserve&query.searchDepth=5"
            + "&query.durationMin=1ms&query.durationMax=1s&query.attributes={%22k%22:%22v%22,%22error%22:%22true%22}"
        #expect(try await subject.get("/api/v3/trace-summaries?\(camel)").text == expected)
        let snake =
            "query.start_time_min=2023-11-14T22:13:20Z&query.start_time_max=2023-11-14T23:13:20Z"
            + "&query.service_name=stock&query.operation_name=reserve&query.search_depth=5"
            + "&query.duration_min=1ms&query.duration_max=1s"
        #expect(try await subject.get("/api/v3/trace-summaries?\(snake)").text == expected)
        #expect(try await subject.get("/api/v3/trace-summaries?\(snake)x").status == .badRequest)
        let nothing = "\(Self.window)&query.serviceName=nobody"
        #expect(try await subject.get("/api/v3/trace-summaries?\(nothing)").text == #"{"summaries":[]}"#)
    }
}
