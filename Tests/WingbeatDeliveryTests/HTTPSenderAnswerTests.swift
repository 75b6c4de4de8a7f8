// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import Testing
import WingbeatCompression
import WingbeatDelivery

@testable import WingbeatDeliveryHTTP

@Suite("What a backend answers, and what is sent to it", .timeLimit(.minutes(2)))
struct HTTPSenderAnswerTests {
    @Test("a message that is too large says so, for its halves may not be")
    func tooLarge() async throws {
        try await LoopbackBackend(status: .contentTooLarge).run { url in
            let sender = makeSender(url)
            guard case .tooLarge(let reason) = await failure(of: sender) else {
                Issue.record("413 is too large")
                return await sender.close()
            }
            #expect(reason == "\(url): 413 Payload Too Large")
            await sender.close()
        }
    }

    @Test(
        "with OpenTelemetry's rule only the statuses of gateways are temporary",
        arguments: [
            (.tooManyRequests, true), (.badGateway, true), (.serviceUnavailable, true), (.gatewayTimeout, true),
            (.requestTimeout, true), (.internalServerError, false), (.notImplemented, false),
        ] as [(HTTPResponse.Status, Bool)]
    )
    func gateways(status: HTTPResponse.Status, isTemporary: Bool) async throws {
        try await LoopbackBackend(status: status).run { url in
            var configuration = HTTPSender.Configuration(url: url, contentType: "application/json")
            configuration.retriesAllServerErrors = false
            let sender = HTTPSender(configuration)
            switch await failure(of: sender) {
            case .temporary: #expect(isTemporary)
            case .rejected: #expect(!isTemporary)
            default: Issue.record("\(status)")
            }
            await sender.close()
        }
    }

    @Test("the body of a 2xx answer is examined")
    func examined() async throws {
        let backend = LoopbackBackend { number in
            Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: number == 1 ? "all" : "some")))
        }
        try await backend.run { url in
            var configuration = HTTPSender.Configuration(url: url, contentType: "text/plain")
            configuration.examine = { $0 == Array("all".utf8) ? nil : .partlyRejected(count: 3, "why") }
            let sender = HTTPSender(configuration)
            #expect(await failure(of: sender) == nil)
            guard case .partlyRejected(3, "why") = await failure(of: sender) else {
                Issue.record("what the examiner says is what the sender says")
                return await sender.close()
            }
            await sender.close()
        }
    }

    @Test("a body is compressed when that is asked for and worth it")
    func compressed() async throws {
        let backend = LoopbackBackend(status: .ok)
        let long = String(repeating: "a span like the other ones; ", count: 100)
        try await backend.run { url in
            for isCompressed in [true, false] {
                var configuration = HTTPSender.Configuration(url: url, contentType: "text/plain")
                configuration.isCompressed = isCompressed
                let sender = HTTPSender(configuration)
                #expect(await failure(of: sender, sending: long) == nil)
                #expect(await failure(of: sender, sending: "short") == nil)
                await sender.close()
            }
        }
        #expect(backend.posts.map(\.encoding) == ["gzip", nil, nil, nil])
        let first = try #require(backend.posts.first)
        #expect(first.bytes.count < 200)
        #expect(try Gzip.decompress(first.bytes, limit: 1 << 20) == Array(long.utf8))
        #expect(backend.posts.dropFirst().map(\.body) == ["short", long, "short"])
    }

    @Test("connections are kept open between messages")
    func reuse() async throws {
        let backend = LoopbackBackend(status: .ok)
        try await backend.run { url in
            let sender = makeSender(url)
            for _ in 0..<20 { #expect(await failure(of: sender) == nil) }
            await sender.close()
        }
        #expect(backend.posts.count == 20)
        #expect(Set(backend.posts.map(\.peerPort)).count == 1)
    }
}

@Suite("The header Retry-After")
struct RetryAfterTests {
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, as RFC 9110 writes it.
    private let example: UInt64 = 784_111_777

    @Test(
        "reads a date in all of HTTP's forms",
        arguments: ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
    )
    func dates(text: String) {
        #expect(RetryAfter.secondsSinceEpoch(date: text) == example)
        #expect(RetryAfter.pause(text, now: example - 90) == .seconds(90))
        #expect(RetryAfter.pause(text, now: example) == .zero)
        #expect(RetryAfter.pause(text, now: example + 1) == .zero)
    }

    @Test("knows leap years and the century of two digits")
    func calendar() {
        #expect(RetryAfter.secondsSinceEpoch(date: "Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800)
        #expect(RetryAfter.secondsSinceEpoch(date: "Fri, 01 Mar 2024 00:00:00 GMT") == 1_709_251_200)
        #expect(RetryAfter.secondsSinceEpoch(date: "Thursday, 01-Jan-70 00:00:00 GMT") == 0)
        #expect(RetryAfter.secondsSinceEpoch(date: "Tuesday, 31-Dec-69 23:59:59 GMT") == 3_155_759_999)
    }

    @Test(
        "anything else says nothing",
        arguments: [
            "", " ", "soon", "1.5", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 99999999999 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT", "Sun Nov x 08:49:37 1994", ",,,,,,,", "- - - - -",
        ]
    )
    func nonsense(text: String) {
        #expect(RetryAfter.pause(text, now: 0) == nil)
    }
}
