// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatModel
import WingbeatSpanCodecs

/// The requests that Grafana's data sources make, in their order, against one collector.
@Suite("What Grafana's data sources ask", .serialized)
struct GrafanaRequestTests {
    private let spans = [
        jaegerSpan(1, with: [Attribute("http.status_code", 500), Attribute("error", true)]),
        jaegerSpan(1, 2, parent: 1, at: "Stock", named: "reserve"),
    ]

    private func ok(_ subject: JaegerUnderTest, _ uri: String) async throws -> String {
        let response = try await subject.get(uri)
        #expect(response.status == .ok, "\(uri)")
        #expect(response.headers[.contentType] == "application/json", "\(uri)")
        return response.text
    }

    @Test("Zipkin: the check of its health, services, spans, a search, a trace")
    func zipkin() async throws {
        let subject = JaegerUnderTest(spans)
        #expect(try await ok(subject, "/api/v2/services") == #"["shop","stock"]"#)
        #expect(try await ok(subject, "/api/v2/spans?serviceName=shop") == #"["get /orders"]"#)
        let search = "serviceName=shop&spanName=get%20%2Forders&endTs=1700000060000&lookback=3600000"
        let trace = String(decoding: ZipkinJSONEncoder.encode(spans), as: UTF8.self)
        #expect(try await ok(subject, "/api/v2/traces?\(search)") == "[\(trace)]")
        #expect(try await ok(subject, "/api/v2/trace/0000000000000001") == trace)
    }

    @Test("Jaeger: the check of its health, operations, a search with tags in logfmt, a trace, the node graph")
    func jaeger() async throws {
        let subject = JaegerUnderTest(spans)
        #expect(try await ok(subject, "/api/services").hasPrefix(#"{"data":["shop","stock"],"#))
        #expect(try await ok(subject, "/api/services/shop/operations").hasPrefix(#"{"data":["get /orders"],"#))
        let tags = "%7B%22http.status_code%22%3A%22500%22%2C%22error%22%3A%22true%22%7D"
        let search =
            "service=shop&operation=get%20%2Forders&tags=\(tags)&minDuration=1.2ms&maxDuration=5s&limit=20"
            + "&start=1700000000000000&end=1700000060000000&lookback=custom"
        let text = String(decoding: JaegerJSONEncoder.encode(traces: [spans]), as: UTF8.self)
        let trace = #"{"data":\#(text),"total":0,"limit":0,"offset":0,"errors":null}"#
        #expect(try await ok(subject, "/api/traces?\(search)") == trace)
        let one = "/api/traces/0000000000000001?start=1700000000000000&end=1700000060000000"
        #expect(try await ok(subject, one) == trace)
        #expect(
            try await ok(subject, "/api/dependencies?endTs=1700000060000&lookback=60000").hasPrefix(#"{"data":[],"#)
        )
    }

    @Test("Jaeger with its newer API: services, operations, a search, a trace")
    func jaegerV3() async throws {
        let subject = JaegerUnderTest(spans)
        #expect(try await ok(subject, "/api/v3/services") == #"{"services":["shop","stock"]}"#)
        let operations = #"{"operations":[{"name":"get /orders","spanKind":""}]}"#
        #expect(try await ok(subject, "/api/v3/operations?service=shop") == operations)
        let search =
            "query.service_name=shop&query.operation_name=get%20%2Forders&query.duration_min=1.2ms"
            + "&query.start_time_min=2023-11-14T22%3A13%3A20.000Z&query.start_time_max=2023-11-14T22%3A14%3A20.000Z"
        let trace = #"{"result":"# + String(decoding: OTLPJSONEncoder.encode(spans), as: UTF8.self) + "}"
        #expect(try await ok(subject, "/api/v3/traces?\(search)") == trace)
        #expect(try await ok(subject, "/api/v3/traces/0000000000000001") == trace)
    }
}
