// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import Testing
import WingbeatCollectorServer
import WingbeatCompression
import WingbeatModel

@Suite("Files that are uploaded")
struct UploadTests {
    static let zipkin = #"[{"traceId":"a","id":"1","name":"n","localEndpoint":{"serviceName":"s"}}]"#
    static let files: [(String, String)] = [
        (zipkin, #"{"spans":1,"traces":["000000000000000a"]}"#),
        (
            "[\(zipkin),[{\"traceId\":\"b\",\"id\":\"2\"}]]",
            #"{"spans":2,"traces":["000000000000000a","000000000000000b"]}"#
        ),
        (
            #"[{"traceId":"a","id":"2","annotations":[{"timestamp":5,"value":"sr","endpoint":{"serviceName":"s"}}]}]"#,
            #"{"spans":1,"traces":["000000000000000a"]}"#
        ),
        (
            #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0000000000000000000000000000000c","#
                + #""spanId":"0000000000000003"}]}]}]}"#,
            #"{"spans":1,"traces":["000000000000000c"]}"#
        ),
        (
            #"{"data":[{"traceID":"d","spans":[{"traceID":"d","spanID":"4","processID":"p1"}],"#
                + #""processes":{"p1":{"serviceName":"s"}}}]}"#,
            #"{"spans":1,"traces":["000000000000000d"]}"#
        ),
    ]

    @Test("every format is told by itself, and its spans are stored", arguments: files)
    func formats(file: String, answer: String) async throws {
        let subject = ServerUnderTest()
        let response = try await subject.post(file, to: "/api/upload")
        #expect(response.status == .ok)
        #expect(response.text == answer)
        #expect(answer.contains("\"spans\":\(subject.store.spans.count),"))
    }

    @Test("a file that is compressed is inflated, whether the request says so or not")
    func compressed() async throws {
        let bytes = try Gzip.compress(Array(Self.zipkin.utf8))
        for headers in [[:], [.contentEncoding: "gzip"]] as [HTTPFields] {
            let subject = ServerUnderTest()
            let response = try await subject.send(.post, "/api/upload", headers: headers, body: bytes)
            #expect(response.text == #"{"spans":1,"traces":["000000000000000a"]}"#)
            #expect(subject.store.spans.map(\.name) == ["n"])
        }
    }

    @Test("a hundred traces are named, and all are stored")
    func many() async throws {
        let subject = ServerUnderTest()
        let spans = (1...150).map { "{\"traceId\":\"\(String($0, radix: 16))\",\"id\":\"1\"}" }
        let text = try await subject.post("[\(spans.joined(separator: ","))]", to: "/api/upload").text
        #expect(text.hasPrefix(#"{"spans":150,"traces":["0000000000000001","#))
        #expect(text.split(separator: ",").count == 101)
        #expect(subject.store.spans.count == 150)
        #expect(subject.count("spans") == 150)
    }

    @Test(
        "what is no file of spans is refused with the place",
        arguments: [
            ("", "there is no span in this file"), ("[]", "there is no span in this file"),
            ("hello", "byte 0 belongs to no list of spans in JSON"),
            ("[{", "the file ends at byte 2, in the middle of a span or a list"),
            (#"[{"traceId":"x","id":"1"}]"#, nil),
        ] as [(String, String?)]
    )
    func refused(file: String, sentence: String?) async throws {
        let subject = ServerUnderTest()
        let response = try await subject.post(file, to: "/api/upload")
        #expect(response.status == .badRequest)
        if let sentence { #expect(response.text == sentence) }
        #expect(subject.store.spans.isEmpty)
    }

    @Test("a file that is larger than the limit is refused")
    func tooLarge() async throws {
        let subject = ServerUnderTest { ($0.maximumBodyBytes, $0.maximumInflatedBytes) = (1024, 2048) }
        let file = "[" + String(repeating: " ", count: 1500) + Self.zipkin.dropFirst()
        #expect(try await subject.post(file, to: "/api/upload").status == .ok)
        #expect(
            try await subject.post(file + String(repeating: " ", count: 600), to: "/api/upload").status
                == .contentTooLarge
        )
        let bomb = try Gzip.compress(Array(repeating: 0x20, count: 5000))
        #expect(try await subject.send(.post, "/api/upload", body: bomb).status == .contentTooLarge)
    }
}
