// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import Testing
import WingbeatCompression

@testable import WingbeatCollectorServer

@Suite("Who may read")
struct HostCheckTests {
    private func status(_ host: String, _ path: String = "/api/v2/services", allowed: Set<String>? = ["box"])
        async throws -> Int
    {
        let subject = ServerUnderTest { $0.allowedHosts = allowed }
        return try await subject.application.test(.live) { client in
            let port = try #require(client.port)
            let head = "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
            let answer = await exchange(Array(head.utf8), port: port)
            return Int(answer.split(separator: " ").dropFirst().first ?? "") ?? 0
        }
    }

    @Test(
        "addresses, localhost and the names that are said",
        arguments: [
            "localhost", "LOCALHOST:9411", "127.0.0.1:9411", "[::1]:9411", "10.1.2.3", "a.localhost:1", "box", "Box:80",
        ]
    )
    func known(host: String) async throws {
        #expect(try await status(host) == 200)
    }

    @Test(
        "no others",
        arguments: [
            "evil.example", "evil.example:9411", "localhost.evil.example", "127.0.0.1.evil.example", "xlocalhost",
        ]
    )
    func unknown(host: String) async throws {
        #expect(try await status(host) == 403)
        #expect(try await status(host, "/") == 403)
    }

    @Test("any, where no names are known")
    func any() async throws {
        #expect(try await status("evil.example", allowed: nil) == 200)
    }

    @Test("spans are taken under every name")
    func posts() async throws {
        let subject = ServerUnderTest { $0.allowedHosts = [] }
        let request =
            "POST /api/v2/spans HTTP/1.1\r\nHost: wingbeat.internal\r\nConnection: close\r\nContent-Length: 2\r\n\r\n[]"
        let answer = try await subject.application.test(.live) { client in
            await exchange(Array(request.utf8), port: try #require(client.port))
        }
        #expect(answer.hasPrefix("HTTP/1.1 202 "))
    }
}

@Suite("Bodies that are deflated, dense or too many")
struct BodyLimitTests {
    /// A stored block of deflate (RFC 1951, 3.2.4) in zlib's frame (RFC 1950), and without it.
    private static func deflated(_ text: String, isFramed: Bool) -> [UInt8] {
        let bytes = Array(text.utf8)
        let (low, high) = (UInt8(bytes.count & 0xFF), UInt8(bytes.count >> 8))
        let block = [1, low, high, ~low, ~high] + bytes
        guard isFramed else { return block }
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return [0x78, 0x01] + block + [UInt8(b >> 8), UInt8(b & 0xFF), UInt8(a >> 8), UInt8(a & 0xFF)]
    }

    @Test("deflate is read with zlib's frame and without", arguments: [true, false])
    func deflate(isFramed: Bool) async throws {
        let subject = ServerUnderTest()
        let body = Self.deflated(postOfTwo, isFramed: isFramed)
        let answer = try await subject.send(.post, "/api/v2/spans", headers: [.contentEncoding: "deflate"], body: body)
        #expect(answer.status == .accepted)
        #expect(subject.store.spans.count == 2)
        #expect(subject.count("bytes") == postOfTwo.utf8.count)
    }

    @Test("deflate that is cut off is refused")
    func damaged() async throws {
        let body = Array(Self.deflated(postOfTwo, isFramed: true).dropLast(5))
        let answer = try await ServerUnderTest().send(
            .post,
            "/api/v2/spans",
            headers: [.contentEncoding: "deflate"],
            body: body
        )
        #expect(answer.status == .badRequest)
        #expect(answer.text == "Cannot inflate spans")
    }

    @Test("more than a million things at once are refused, whatever the format")
    func dense() async throws {
        let subject = ServerUnderTest { $0.maximumBodyBytes = 1 << 26 }
        let json = "[{\"traceId\":\"1\",\"id\":\"1\",\"tags\":{" + String(repeating: "\"k\":\"\",", count: 2_000_001)
        let answer = try await subject.post(json)
        #expect(answer.status == .contentTooLarge)
        #expect(answer.text.contains("send them in several posts"))
        let otlp = "{\"resourceSpans\":[{\"resource\":{\"attributes\":[" + String(repeating: "{},", count: 2_000_001)
        let other = try await subject.post(otlp, to: "/v1/traces", headers: [.contentType: "application/json"])
        #expect(other.status == .contentTooLarge)
        #expect(subject.count("messages_dropped") == 2)
    }

    @Test("when too many bytes are held already, the client is asked to try again in a second")
    func budget() async throws {
        let subject = ServerUnderTest { $0.maximumBodyBytesInFlight = 10 }
        let answer = try await subject.post(postOfTwo)
        #expect(answer.status == .tooManyRequests)
        #expect(answer.headers[.retryAfter] == "1")
        #expect(answer.text == "too many bytes wait to be read; try again later")
        #expect(subject.count("messages_dropped") == 1)
        #expect(subject.server.budget.bytes == 0)
        #expect(try await subject.post("[]").status == .accepted)
    }

    @Test("what a body inflates to is counted, too")
    func inflatedBudget() async throws {
        let subject = ServerUnderTest { $0.maximumBodyBytesInFlight = 1000 }
        let body = try Gzip.compress([UInt8](repeating: 0x20, count: 2000))
        let answer = try await subject.send(.post, "/api/v2/spans", headers: [.contentEncoding: "gzip"], body: body)
        #expect(answer.status == .tooManyRequests)
        #expect(subject.server.budget.bytes == 0)
    }

    @Test("a connection whose body is too large is closed, and not read to the end", .timeLimit(.minutes(1)))
    func closes() async throws {
        let subject = ServerUnderTest { $0.maximumBodyBytes = 1000 }
        let head = "POST /api/v2/spans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n"
        let answer = try await subject.application.test(.live) { client in
            await exchange(Array(head.utf8), port: try #require(client.port), untilClosed: true)
        }
        #expect(answer.hasPrefix("HTTP/1.1 413 "))
        #expect(answer.hasSuffix("The body is larger than 1000 bytes"))
    }
}
