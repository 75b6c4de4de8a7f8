// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatCompression
import WingbeatSpanCodecs

@Suite("Spans posted to the collector")
struct ReceiverTests {
    @Test("an empty body and an empty list are accepted", arguments: ["", "[]", " [ ] "])
    func empty(body: String) async throws {
        let subject = ServerUnderTest()
        let response = try await subject.post(body)
        #expect(response.status == .accepted)
        #expect(response.text.isEmpty)
        #expect(subject.store.spans.isEmpty)
        #expect(subject.count("messages") == 1)
        #expect(subject.count("messages_dropped") == 0)
        #expect(subject.count("spans") == 0)
    }

    @Test("a post without a body at all is accepted")
    func noBody() async throws {
        #expect(try await ServerUnderTest().send(.post, "/api/v2/spans").status == .accepted)
    }

    @Test("spans are stored, under both paths", arguments: ["/api/v2/spans", "/zipkin/api/v2/spans"])
    func stored(path: String) async throws {
        let subject = ServerUnderTest()
        let response = try await subject.post(postOfTwo, to: path)
        #expect(response.status == .accepted)
        #expect(response.text.isEmpty)
        #expect(subject.store.spans == (try ZipkinJSONDecoder.decode(Array(postOfTwo.utf8))))
        #expect(subject.store.spans.count == 2)
    }

    @Test("the content type does not matter", arguments: ["application/json", "text/plain", "nonsense", ""])
    func contentType(type: String) async throws {
        let subject = ServerUnderTest()
        #expect(try await subject.post(postOfTwo, headers: [.contentType: type]).status == .accepted)
        #expect(subject.store.spans.count == 2)
    }

    @Test(
        "what is no list of spans is refused with the reason as plain text",
        arguments: [
            ("{}", "Expected a JSON_V2 encoded list\n"),
            (#"[{"traceId":"","id":"1"}]"#, "traceId is empty reading List<Span> from json"),
            (
                #"[{"traceId":"1","id":"1"},{"traceId":"<b>","id":"1"}]"#,
                "<b> should be lower-hex encoded with no prefix reading List<Span> from json"
            ),
            (#"[{"binaryAnnotations":[]}]"#, "Expected a JSON_V2 encoded list, but received: JSON_V1\n"),
            ("[", "Malformed reading List<Span> from json: expected '{' at byte 1, but the input ends"),
        ]
    )
    func malformed(body: String, text: String) async throws {
        let subject = ServerUnderTest()
        let response = try await subject.post(body)
        #expect(response.status == .badRequest)
        #expect(response.text == text)
        #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        #expect(subject.store.spans.isEmpty)
        #expect(subject.count("messages") == 1)
        #expect(subject.count("messages_dropped") == 1)
        #expect(subject.count("spans") == 0)
    }

    @Test("a compressed post is stored, and its inflated bytes are counted", arguments: ["gzip", "GZIP", "x-gzip"])
    func gzip(encoding: String) async throws {
        let subject = ServerUnderTest()
        let body = try Gzip.compress(Array(postOfTwo.utf8))
        let response = try await subject.send(
            .post,
            "/api/v2/spans",
            headers: [.contentEncoding: encoding],
            body: body
        )
        #expect(response.status == .accepted)
        #expect(subject.store.spans.count == 2)
        #expect(subject.count("bytes") == postOfTwo.utf8.count)
    }

    @Test("a compressed empty post is accepted")
    func emptyGzip() async throws {
        let body = try Gzip.compress([])
        let response = try await ServerUnderTest().send(
            .post,
            "/api/v2/spans",
            headers: [.contentEncoding: "gzip"],
            body: body
        )
        #expect(response.status == .accepted)
    }

    @Test("what says that it is compressed but is not, or is cut off, is refused")
    func noGzip() async throws {
        let whole = try Gzip.compress(Array(postOfTwo.utf8))
        for body in [[], Array(postOfTwo.utf8), Array(whole.dropLast(9)), Array(whole.prefix(5))] {
            let response = try await ServerUnderTest().send(
                .post,
                "/api/v2/spans",
                headers: [.contentEncoding: "gzip"],
                body: body
            )
            #expect(response.status == .badRequest)
            #expect(response.text == "Cannot gunzip spans")
        }
    }

    @Test("a post that inflates beyond the limit is refused; one just at it is not")
    func bomb() async throws {
        let subject = ServerUnderTest { $0.maximumInflatedBytes = 100_000 }
        func send(_ size: Int) async throws -> TestResponse {
            let spaces = Array(repeating: UInt8(ascii: " "), count: size - 2)
            let body = try Gzip.compress(Array("[]".utf8) + spaces)
            #expect(body.count < size / 50)
            return try await subject.send(.post, "/api/v2/spans", headers: [.contentEncoding: "gzip"], body: body)
        }
        #expect(try await send(100_000).status == .accepted)
        for size in [100_001, 50_000_000] {
            let response = try await send(size)
            #expect(response.status == .contentTooLarge)
            #expect(response.text == "The body inflates to more than 100000 bytes")
        }
        #expect(subject.count("messages_dropped") == 2)
    }

    @Test("another encoding is refused by name, none is not", arguments: ["br", "zstd", "compress"])
    func otherEncoding(encoding: String) async throws {
        let subject = ServerUnderTest()
        let response = try await subject.post(postOfTwo, headers: [.contentEncoding: encoding])
        #expect(response.status == .unsupportedMediaType)
        #expect(response.text == "Content-Encoding \(encoding) is not known; send gzip, deflate or none")
        #expect(subject.store.spans.isEmpty)
        #expect(try await subject.post(postOfTwo, headers: [.contentEncoding: "identity"]).status == .accepted)
    }

    @Test("a body that is longer than the limit is refused, one just at it is not")
    func tooLarge() async throws {
        let subject = ServerUnderTest { $0.maximumBodyBytes = 50_000 }
        let atLimit = "[]" + String(repeating: " ", count: 49_998)
        #expect(try await subject.post(atLimit).status == .accepted)
        let response = try await subject.post(atLimit + " ")
        #expect(response.status == .contentTooLarge)
        #expect(response.text == "The body is larger than 50000 bytes")
        #expect(response.headers[.connection] == "close")
        #expect(subject.count("messages_dropped") == 1)
        #expect(subject.count("bytes") == 50_000)
    }
}
