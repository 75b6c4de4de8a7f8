// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import Testing
import WingbeatCollectorServer
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Spans posted in each of Zipkin's formats")
struct ReceiverFormatTests {
    private static let thrift: [UInt8] =
        [12, 0, 0, 0, 1, 10, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 10, 0, 4, 0, 0, 0, 0, 0, 0, 0, 2, 0]
    private static let v1 = Array(#"[{"traceId":"1","id":"2","binaryAnnotations":[]}]"#.utf8)
    private static let protobuf: [UInt8] = [0x0A, 6, 0x0A, 1, 1, 0x1A, 1, 2]

    private func post(_ body: [UInt8], to path: String, _ type: String, _ subject: ServerUnderTest) async throws
        -> TestResponse
    {
        try await subject.send(.post, path, headers: [.contentType: type], body: body)
    }

    @Test(
        "path and content type tell the format, under both prefixes",
        arguments: [
            ("v1/spans", "application/x-thrift", thrift), ("v1/spans", "application/json", v1),
            ("v1/spans", "", v1), ("v2/spans", "application/x-protobuf", protobuf),
        ]
    )
    func formats(path: String, type: String, body: [UInt8]) async throws {
        for prefix in ["/api/", "/zipkin/api/"] {
            let subject = ServerUnderTest()
            #expect(try await post(body, to: prefix + path, type, subject).status == .accepted)
            let (trace, id) = try #require(TraceID(high: 0, low: 1).flatMap { trace in SpanID(2).map { (trace, $0) } })
            #expect(subject.store.spans == [SpanRecord(traceID: trace, id: id)])
            #expect(subject.count("spans") == 1)
            #expect(subject.count("bytes") == body.count)
        }
    }

    @Test(
        "a list in another format is refused with what was expected",
        arguments: [
            ("/api/v1/spans", "application/x-thrift", v1, "Expected a THRIFT encoded list\n"),
            ("/api/v1/spans", "application/json", thrift, "Expected a JSON_V1 encoded list\n"),
            ("/api/v2/spans", "application/x-protobuf", thrift, "Expected a PROTO3 encoded list\n"),
            ("/api/v2/spans", "application/json", v1, "Expected a JSON_V2 encoded list, but received: JSON_V1\n"),
        ]
    )
    func mismatches(path: String, type: String, body: [UInt8], text: String) async throws {
        let subject = ServerUnderTest()
        let response = try await post(body, to: path, type, subject)
        #expect(response.status == .badRequest)
        #expect(response.text == text)
        #expect(subject.count("messages_dropped") == 1)
    }
}
