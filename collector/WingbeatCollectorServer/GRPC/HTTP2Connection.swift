// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOHTTP2

/// Speaks HTTP/2 without TLS on a connection, for gRPC.
///
/// Pings are answered and sent, so that dead peers are noticed; a graceful shutdown says `GOAWAY` and lets calls end.
/// Floods of frames of any kind end the connection (swift-nio-http2's limits).
struct HTTP2Connection: Sendable {
    let services: GRPCServices

    private static let window = 1 << 20

    /// How long calls may take to end when the collector does, and how peers are found dead.
    private static let management = NIOHTTP2ServerConnectionManagementHandler.Configuration(
        maxIdleTime: nil,
        maxAge: nil,
        maxGraceTime: .seconds(10),
        keepalive: .init(pingInterval: .minutes(2), ackTimeout: .seconds(20))
    )

    /// Adds its handlers to the end of the connection's pipeline.
    ///
    /// - Parameter streams: is told of streams that open and close.
    func add(to channel: any Channel, streams: any NIOHTTP2StreamDelegate) throws {
        let manager = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: channel.eventLoop,
            configuration: Self.management
        )
        let handler = NIOHTTP2Handler(
            mode: .server,
            eventLoop: channel.eventLoop,
            connectionConfiguration: Self.connection,
            streamConfiguration: Self.stream,
            streamDelegate: StreamDelegates(first: manager.http2StreamDelegate, second: streams)
        ) { [services] stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(GRPCStreamHandler(services))
            }
        }
        try channel.pipeline.syncOperations.addHandlers([handler, manager])
    }

    private static var connection: NIOHTTP2Handler.ConnectionConfiguration {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 100),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 16_384),
            HTTP2Setting(parameter: .initialWindowSize, value: window),
        ]
        connection.targetWindowSize = 4 * window
        // Clients that measure the bandwidth ping after each answer.
        connection.controlFrameRateLimit.maximumCount = 10_000
        return connection
    }

    private static var stream: NIOHTTP2Handler.StreamConfiguration {
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = window
        return stream
    }
}

/// Tells two of streams.
private struct StreamDelegates: NIOHTTP2StreamDelegate {
    let first: any NIOHTTP2StreamDelegate
    let second: any NIOHTTP2StreamDelegate

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) {
        first.streamCreated(id, channel: channel)
        second.streamCreated(id, channel: channel)
    }

    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) {
        first.streamClosed(id, channel: channel)
        second.streamClosed(id, channel: channel)
    }
}
