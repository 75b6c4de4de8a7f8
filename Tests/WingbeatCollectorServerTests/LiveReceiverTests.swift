// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatCollectorServer
import WingbeatCompression

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Sends bytes to a port of this machine and returns what comes back, until the answer is whole or the other side closes.
///
/// - Parameter untilClosed: true when it must be the other side that ends it.
func exchange(_ request: [UInt8], port: Int, untilClosed: Bool = false) async -> String {
    await withCheckedContinuation { done in
        DispatchQueue.global().async {
            done.resume(returning: blockingExchange(request, port: UInt16(port), untilClosed: untilClosed))
        }
    }
}

private func blockingExchange(_ request: [UInt8], port: UInt16, untilClosed: Bool) -> String {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let address = try? SocketAddress(ipAddress: "127.0.0.1", port: Int(port))
    let status = address?.withSockAddr { connect(socket, $0, socklen_t($1)) }
    guard status == 0 else { return "" }
    _ = send(socket, request, request.count, Int32(MSG_NOSIGNAL))
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    var count = 1
    while untilClosed || !isWhole(answer) {
        count = recv(socket, &chunk, chunk.count, 0)
        guard count > 0 else { break }
        answer += chunk[..<count]
    }
    guard !untilClosed || count == 0 else { return "" }
    return String(decoding: answer, as: UTF8.self)
}

/// True when as many bytes follow the answer's head as it says.
private func isWhole(_ answer: [UInt8]) -> Bool {
    let text = String(decoding: answer, as: UTF8.self)
    guard let head = text.firstRange(of: "\r\n\r\n"),
        let length = text.lowercased().firstMatch(of: /\r\ncontent-length: (\d+)\r\n/).flatMap({ Int($0.1) })
    else { return false }
    return text[head.upperBound...].utf8.count >= length
}

private func chunked(_ chunks: [[UInt8]], extra headers: String = "") -> [UInt8] {
    var bytes = Array(
        "POST /api/v2/spans HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\(headers)\r\n"
            .utf8
    )
    for chunk in chunks { bytes += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8) }
    return bytes + Array("0\r\n\r\n".utf8)
}

@Suite("Posts over a real connection", .timeLimit(.minutes(2)))
struct LiveReceiverTests {
    private func answer(_ subject: ServerUnderTest, to request: [UInt8]) async throws -> String {
        try await subject.application.test(.live) { client in
            await exchange(request, port: try #require(client.port))
        }
    }

    @Test("a body that comes in chunks is stored")
    func chunks() async throws {
        let subject = ServerUnderTest()
        let body = Array(postOfTwo.utf8)
        let response = try await answer(subject, to: chunked([Array(body.prefix(20)), Array(body.dropFirst(20))]))
        #expect(response.hasPrefix("HTTP/1.1 202 Accepted\r\n"))
        #expect(subject.store.spans.count == 2)
    }

    @Test("compressed chunks too")
    func gzipChunks() async throws {
        let subject = ServerUnderTest()
        let body = try Gzip.compress(Array(postOfTwo.utf8))
        let request = chunked([Array(body.prefix(9)), Array(body.dropFirst(9))], extra: "Content-Encoding: gzip\r\n")
        #expect(try await answer(subject, to: request).hasPrefix("HTTP/1.1 202 Accepted\r\n"))
        #expect(subject.store.spans.count == 2)
    }

    @Test("a body in chunks that grows beyond the limit is refused, although nobody said how long it would be")
    func tooManyChunks() async throws {
        let subject = ServerUnderTest { $0.maximumBodyBytes = 1000 }
        let chunk = Array(repeating: UInt8(ascii: " "), count: 400)
        let response = try await answer(subject, to: chunked([chunk, chunk, chunk]))
        #expect(response.hasPrefix("HTTP/1.1 413 "))
        #expect(response.hasSuffix("\r\n\r\nThe body is larger than 1000 bytes"))
        #expect(subject.count("messages_dropped") == 1)
    }

    @Test("a length beyond the limit is refused before the body comes")
    func announced() async throws {
        let subject = ServerUnderTest { $0.maximumBodyBytes = 1000 }
        let head = "POST /api/v2/spans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999\r\n\r\n"
        let response = try await answer(subject, to: Array(head.utf8))
        #expect(response.hasPrefix("HTTP/1.1 413 "))
        #expect(response.lowercased().contains("\r\nconnection: close\r\n"))
    }

    @Test("HEAD answers like GET, without a body")
    func head() async throws {
        let subject = ServerUnderTest()
        let head = "HEAD /api/v2/services HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        let response = try await answer(subject, to: Array(head.utf8))
        #expect(response.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(response.lowercased().contains("content-type: application/json\r\n"))
        #expect(response.hasSuffix("\r\n\r\n"))
    }
}
