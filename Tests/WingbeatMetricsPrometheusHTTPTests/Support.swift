// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Testing
import WingbeatMetrics
import WingbeatMetricsPrometheusHTTP

/// Runs a server on a port that the system chooses while the body goes on.
func withServer(
    _ registry: MetricRegistry = MetricRegistry(),
    configure: (inout PrometheusServer.Configuration) -> Void = { _ in },
    _ body: (_ port: Int) async throws -> Void
) async throws {
    var configuration = PrometheusServer.Configuration(port: 0)
    configure(&configuration)
    let (ports, listening) = AsyncStream<Int>.makeStream()
    let server = PrometheusServer(registry: registry, configuration: configuration) { listening.yield($0) }
    let running = Task {
        defer { listening.finish() }
        try await server.run()
    }
    defer { running.cancel() }
    for await port in ports {
        try await body(port)
        break
    }
    running.cancel()
    try await running.value
}

/// A client that sends what it is told, in pieces if need be, and reads as far as it is asked to.
func withConnection(
    port: Int,
    _ body: (inout Incoming, NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws -> Void
) async throws {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
    try await channel.executeThenClose { inbound, outbound in
        var incoming = Incoming(inbound: inbound.makeAsyncIterator())
        try await body(&incoming, outbound)
    }
}

/// What a client receives.
struct Incoming {
    fileprivate var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator

    /// What comes until the server closes the connection.
    mutating func readToEnd() async throws -> String {
        var text = ""
        while let buffer = try await inbound.next() { text += String(buffer: buffer) }
        return text
    }

    /// What comes until the text ends as it is expected to, or the connection is closed.
    mutating func read(to end: String) async throws -> String {
        var text = ""
        while !text.hasSuffix(end), let buffer = try await inbound.next() { text += String(buffer: buffer) }
        return text
    }
}

/// Everything that comes back for a request until the server closes the connection.
func exchange(_ request: String, port: Int) async throws -> String {
    var answer = ""
    try await withConnection(port: port) { incoming, outbound in
        try await outbound.write(ByteBuffer(string: request))
        answer = try await incoming.readToEnd()
    }
    return answer
}

/// A request that asks to close the connection after the answer.
func request(_ method: String = "GET", _ path: String = "/metrics", _ headers: String...) -> String {
    let lines = ["\(method) \(path) HTTP/1.1", "Host: here", "Connection: close"] + headers
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
}
