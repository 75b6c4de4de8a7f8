// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import ServiceLifecycleTestKit
import Testing
import WingbeatMetrics
import WingbeatMetricsPrometheusHTTP

@Suite("The life of a server of metrics")
struct ServerLifeTests {
    @Test("on graceful shutdown idle connections are closed, and no new ones are taken")
    func idleAtShutdown() async throws {
        try await testGracefulShutdown { shutdown in
            let (ports, listening) = AsyncStream<Int>.makeStream()
            let server = PrometheusServer(registry: MetricRegistry(), configuration: .init(port: 0)) {
                listening.yield($0)
            }
            let running = Task { try await server.run() }
            for await port in ports {
                try await withConnection(port: port) { incoming, outbound in
                    try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: here\r\n\r\n"))
                    _ = try await incoming.read(to: "at /metrics.\n")
                    shutdown.triggerGracefulShutdown()
                    #expect(try await incoming.readToEnd() == "")
                }
                try await running.value
                await #expect(throws: (any Error).self) { _ = try await exchange(request(), port: port) }
                break
            }
        }
    }

    @Test("a scrape that is under way at shutdown is answered")
    func busyAtShutdown() async throws {
        try await testGracefulShutdown { shutdown in
            let registry = MetricRegistry()
            registry.gauge("last") {
                shutdown.triggerGracefulShutdown()
                return 1
            }
            let (ports, listening) = AsyncStream<Int>.makeStream()
            let server = PrometheusServer(registry: registry, configuration: .init(port: 0)) { listening.yield($0) }
            let running = Task { try await server.run() }
            for await port in ports {
                try await withConnection(port: port) { incoming, outbound in
                    try await outbound.write(ByteBuffer(string: "GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n"))
                    #expect(try await incoming.readToEnd().contains("\nlast 1\n"))
                }
                try await running.value
                break
            }
        }
    }

    @Test("a port that is taken is an error that says so")
    func portTaken() async throws {
        try await withServer { port in
            let second = PrometheusServer(registry: MetricRegistry(), configuration: .init(port: port))
            let error = try await #require(throws: PrometheusServerError.self) { try await second.run() }
            #expect("\(error)".hasPrefix("metrics cannot be served on 127.0.0.1:\(port): "))
            #expect("\(error)".contains("Address already in use"))
        }
    }

    @Test("a port is free again as soon as the server has ended, and a server can run again")
    func restart() async throws {
        var port = 0
        try await withServer { port = $0 }
        try await withServer(configure: { $0.port = port }) { again in
            #expect(again == port)
            let answer = try await exchange(request(), port: port)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }
}

@Suite("Where a server of metrics listens")
struct ServerConfigurationTests {
    @Test("is OpenTelemetry's default where nothing else is said", arguments: [nil, ""])
    func defaults(value: String?) {
        let variables = ["OTEL_EXPORTER_PROMETHEUS_HOST": value, "OTEL_EXPORTER_PROMETHEUS_PORT": value]
        let configuration = PrometheusServer.Configuration(environment: variables.compactMapValues(\.self)) {
            Issue.record("\($0)")
        }
        #expect(configuration.host == "127.0.0.1")
        #expect(configuration.port == 9464)
        #expect(configuration.path == "/metrics")
    }

    @Test("is read from OpenTelemetry's variables")
    func variables() {
        let configuration = PrometheusServer.Configuration(
            environment: ["OTEL_EXPORTER_PROMETHEUS_HOST": "0.0.0.0", "OTEL_EXPORTER_PROMETHEUS_PORT": "9999"]
        )
        #expect(configuration.host == "0.0.0.0")
        #expect(configuration.port == 9999)
    }

    @Test("is not changed by what is no port, and that is told", arguments: ["x", "-1", "65536", "9464 ", "1.5"])
    func invalid(port: String) {
        var sentences: [String] = []
        let configuration = PrometheusServer.Configuration(environment: ["OTEL_EXPORTER_PROMETHEUS_PORT": port]) {
            sentences.append($0)
        }
        #expect(configuration.port == 9464)
        #expect(sentences == ["ignored: OTEL_EXPORTER_PROMETHEUS_PORT=\(port) is not a port from 0 to 65535"])
    }
}
