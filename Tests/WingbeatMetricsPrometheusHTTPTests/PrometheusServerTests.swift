// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing
import WingbeatMetrics
import WingbeatMetricsPrometheusHTTP

@Suite("A server of metrics alone")
struct PrometheusServerTests {
    private let registry = MetricRegistry()

    @Test("a scrape has the metrics, in the format that was asked for")
    func scrape() async throws {
        registry.counter("requests", unit: "calls")[].increment(by: 7)
        try await withServer(registry) { port in
            let plain = try await exchange(request(), port: port)
            #expect(plain.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(plain.contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
            #expect(plain.contains("\r\n\r\n# TYPE requests_calls_total counter\nrequests_calls_total 7\n"))
            let accept = "Accept: application/openmetrics-text;q=0.9"
            let openMetrics = try await exchange(
                request("GET", "/metrics?x=1", accept, "Accept: text/*;q=0.1"),
                port: port
            )
            #expect(openMetrics.contains("# UNIT requests_calls calls\n"))
            #expect(openMetrics.hasSuffix("# EOF\n"))
            let compressed = try await exchange(request("HEAD", "/metrics", "Accept-Encoding: gzip"), port: port)
            #expect(compressed.contains("\r\nContent-Encoding: gzip\r\n"))
        }
    }

    @Test("HEAD has the headers of GET and no body")
    func head() async throws {
        try await withServer(registry) { port in
            let get = try await exchange(request("GET"), port: port)
            let head = try await exchange(request("HEAD"), port: port)
            let end = try #require(get.firstRange(of: "\r\n\r\n")?.upperBound)
            #expect(head == get[..<end])
            #expect(head.contains("\r\nContent-Length: \(get[end...].utf8.count)\r\n"))
        }
    }

    @Test("other paths are not found, other methods not allowed")
    func refusals() async throws {
        try await withServer(configure: { $0.path = "/deep/metrics" }) { port in
            #expect(try await exchange(request("GET", "/deep/metrics"), port: port).hasPrefix("HTTP/1.1 200 "))
            let elsewhere = try await exchange(request("GET", "/metrics"), port: port)
            #expect(elsewhere.hasPrefix("HTTP/1.1 404 Not Found\r\n"))
            #expect(elsewhere.hasSuffix("\r\n\r\nThe metrics are at /deep/metrics.\n"))
            let post = try await exchange(request("POST", "/deep/metrics"), port: port)
            #expect(post.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
            #expect(post.contains("\r\nAllow: GET, HEAD\r\n"))
        }
    }

    @Test("a connection serves one scrape after the other; a client of HTTP/1.0 is hung up on")
    func keepAlive() async throws {
        try await withServer(configure: { $0.path = "/other" }) { port in
            try await withConnection(port: port) { incoming, outbound in
                for _ in 0..<3 {
                    try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: here\r\n\r\n"))
                    let answer = try await incoming.read(to: "at /other.\n")
                    #expect(answer.hasPrefix("HTTP/1.1 404 "))
                    #expect(!answer.contains("Connection: close"))
                }
            }
            let old = try await exchange("GET /other HTTP/1.0\r\n\r\n", port: port)
            #expect(old.hasPrefix("HTTP/1.0 200 OK\r\n"))
        }
    }

    @Test(
        "what is not HTTP, or too large, ends the connection, and the server goes on",
        arguments: [
            "hello\r\n\r\n", "GET /metrics HTTP/1.1\r\nHost: here\r\n" + String(repeating: "x: y\r\n", count: 100_000),
            "POST /metrics HTTP/1.1\r\nHost: here\r\nContent-Length: 70000\r\n\r\n"
                + String(repeating: "x", count: 70_000),
        ]
    )
    func hostile(request text: String) async throws {
        try await withServer(registry) { port in
            let answer = try? await exchange(text, port: port)
            #expect(answer?.hasPrefix("HTTP/1.1 200") != true)
            let next = try await exchange(request(), port: port)
            #expect(next.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test("a connection on which nothing moves is closed")
    func idle() async throws {
        try await withServer(configure: { $0.idleTimeout = .milliseconds(50) }) { port in
            for beginning in ["", "GET /metrics HT"] {
                let answer = try? await exchange(beginning, port: port)  // throws when it is closed before the writing
                #expect(answer ?? "" == "")
            }
        }
    }

    @Test("a client that asks on and on and reads nothing is hung up on")
    func neverReading() async throws {
        _ = registry.counter("wide", help: String(repeating: "x", count: 1 << 20))[]
        try await withServer(registry) { port in
            let requests = String(repeating: "GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n", count: 100)
            try await withConnection(port: port) { incoming, outbound in
                try await outbound.write(ByteBuffer(string: requests))
                try await Task.sleep(for: .seconds(1))
                let answers = (try? await incoming.readToEnd()) ?? ""
                #expect(answers.utf8.count < 50 << 20)
            }
        }
    }

    @Test("of too many connections the last is closed; when one has ended there is room again")
    func limitedConnections() async throws {
        try await withServer(configure: { $0.maximumConnections = 1 }) { port in
            try await withConnection(port: port) { incoming, outbound in
                try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: here\r\n\r\n"))
                _ = try await incoming.read(to: "at /metrics.\n")
                #expect(((try? await exchange(request(), port: port)) ?? "") == "")
            }
            var answer = ""
            for _ in 0..<500 where answer.isEmpty { answer = (try? await exchange(request(), port: port)) ?? "" }
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }
}
