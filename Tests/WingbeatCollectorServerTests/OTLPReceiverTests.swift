// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatCompression
import WingbeatModel
import WingbeatSpanCodecs

@Suite("OTLP posted to the collector")
struct OTLPReceiverTests {
    private static let protobuf = "application/x-protobuf"
    private static let json = "application/json"

    private var spans: [SpanRecord] {
        (1...2 as ClosedRange<UInt64>).compactMap { number in
            guard let trace = TraceID(high: 1, low: 2), let id = SpanID(number) else { return nil }
            var span = SpanRecord(traceID: trace, id: id, name: "Work")
            span.startNanoseconds = 1_700_000_000_000_000_001
            span.resource = Resource(serviceName: "Shop")
            span.attributes = [Attribute("n", 1)]
            return span
        }
    }

    private func post(
        _ body: [UInt8],
        _ type: String?,
        to subject: ServerUnderTest,
        encoding: String? = nil
    ) async throws -> TestResponse {
        var headers: HTTPFields = [:]
        headers[.contentType] = type
        headers[.contentEncoding] = encoding
        return try await subject.send(.post, "/v1/traces", headers: headers, body: body)
    }

    private func bytes(_ response: TestResponse) -> [UInt8] { Array(buffer: response.body) }

    @Test("nothing at all is accepted, and answered with nothing in the request's format")
    func empty() async throws {
        let subject = ServerUnderTest()
        let protobuf = try await post([], Self.protobuf, to: subject)
        #expect(protobuf.status == .ok && bytes(protobuf).isEmpty)
        #expect(protobuf.headers[.contentType] == Self.protobuf)
        let json = try await post(Array("{}".utf8), Self.json, to: subject)
        #expect(json.status == .ok && json.text == "{}")
        #expect(json.headers[.contentType] == Self.json)
        #expect(subject.count("messages") == 2 && subject.count("messages_dropped") == 0)
    }

    @Test("spans are stored with their types and nanoseconds, compressed or not", arguments: [nil, "gzip"])
    func stored(encoding: String?) async throws {
        for (type, body) in [
            (Self.protobuf, OTLPProtobufEncoder.encode(spans)),
            ("Application/JSON; charset=utf-8", OTLPJSONEncoder.encode(spans)),
        ] {
            let subject = ServerUnderTest()
            let sent = encoding == nil ? body : try Gzip.compress(body)
            #expect(try await post(sent, type, to: subject, encoding: encoding).status == .ok)
            #expect(subject.store.spans == spans)
            #expect(subject.count("spans") == 2 && subject.count("bytes") == body.count)
        }
    }

    @Test("spans without ids are rejected alone, and both counts say so")
    func partial() async throws {
        let subject = ServerUnderTest()
        let good = #"{"traceId":"00000000000000010000000000000002","spanId":"0000000000000003"}"#
        let body = #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(good),{}]}]}]}"#
        let response = try await post(Array(body.utf8), Self.json, to: subject)
        #expect(response.status == .ok)
        #expect(
            response.text
                == #"{"partialSuccess":{"rejectedSpans":"1","errorMessage":"span 1: trace id is missing"}}"#
        )
        #expect(subject.store.spans.count == 1)
        #expect(subject.count("spans") == 2 && subject.count("spans_dropped") == 1)
    }

    @Test("what is no OTLP is refused with the reason in the request's format")
    func malformed() async throws {
        let subject = ServerUnderTest()
        let reason = "Truncated: length 5 > bytes available 0"
        let protobuf = try await post([0x0A, 5], Self.protobuf, to: subject)
        #expect(protobuf.status == .badRequest)
        #expect(protobuf.headers[.contentType] == Self.protobuf)
        #expect(try OTLPFailure(protobuf: bytes(protobuf)) == OTLPFailure(message: reason))
        let json = try await post([], Self.json, to: subject)
        #expect(json.status == .badRequest)
        #expect(json.text == #"{"message":"Malformed: expected '{' at byte 0, but the input ends"}"#)
        #expect(subject.count("messages_dropped") == 2 && subject.count("spans") == 0)
    }

    @Test("other types are refused by name", arguments: ["text/plain", "application/protobuf", nil])
    func otherTypes(type: String?) async throws {
        let response = try await post([], type, to: ServerUnderTest())
        #expect(response.status == .unsupportedMediaType)
        #expect(response.text.contains(type ?? "is missing"))
        #expect(response.text.hasSuffix("send application/x-protobuf or application/json"))
    }

    @Test("a body that is too long, and one that inflates too far, are refused")
    func tooLarge() async throws {
        let subject = ServerUnderTest {
            $0.maximumBodyBytes = 1000
            $0.maximumInflatedBytes = 2000
        }
        let long = try await post(Array(repeating: 0, count: 1001), Self.protobuf, to: subject)
        #expect(long.status == .contentTooLarge)
        #expect(try OTLPFailure(protobuf: bytes(long)).message == "The body is larger than 1000 bytes")
        let bomb = try Gzip.compress(Array(repeating: 0, count: 2001))
        let inflated = try await post(bomb, Self.json, to: subject, encoding: "gzip")
        #expect(inflated.status == .contentTooLarge)
        #expect(inflated.text == #"{"message":"The body inflates to more than 2000 bytes"}"#)
    }

    @Test("a full store asks to send again later, a broken one too")
    func storeTrouble() async throws {
        let busy = ServerUnderTest(FakeSpanStore(failure: SpanStoreError.busy))
        let body = OTLPProtobufEncoder.encode(spans)
        let response = try await post(body, Self.protobuf, to: busy)
        #expect(response.status == .tooManyRequests && response.headers[.retryAfter] == "1")
        #expect(busy.count("spans") == 2 && busy.count("spans_dropped") == 2)
        let broken = ServerUnderTest(FakeSpanStore(failure: SpanStoreError.unavailable("disk full")))
        let failed = try await post(body, Self.protobuf, to: broken)
        #expect(failed.status == .serviceUnavailable)
        #expect(try OTLPFailure(protobuf: bytes(failed)).message.contains("disk full"))
    }
}
