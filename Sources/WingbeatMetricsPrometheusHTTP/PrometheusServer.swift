// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
public import ServiceLifecycle
public import WingbeatMetrics
import WingbeatMetricsPrometheus

/// Serves `GET /metrics` on a port of its own, for programs without a web server: command-line workers, queues'
/// consumers, servers of other protocols.
///
/// It is a service: list it first, so that it shuts down last and the last scrape sees everything. HEAD is answered
/// too; any other method gets 405, any other path 404. Requests are bounded in size and time, connections in number.
/// On graceful shutdown it takes no more connections, and the scrape that is under way is answered.
public final class PrometheusServer: Service {
    private let configuration: Configuration
    private let responder: ScrapeResponder
    private let connections: OpenConnections
    private let onListening: @Sendable (_ port: Int) -> Void

    /// - Parameters:
    ///   - registry: what is read at each scrape.
    ///   - configuration: where to listen, and limits.
    ///   - onListening: called once with the port, which is of interest when it was chosen by the system.
    public init(
        registry: MetricRegistry = .shared,
        configuration: Configuration = Configuration(),
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.onListening = onListening
        responder = ScrapeResponder(endpoint: PrometheusEndpoint(registry: registry), path: configuration.path)
        connections = OpenConnections(limit: configuration.maximumConnections)
    }

    /// Serves until the task is cancelled or its service group shuts down; what is under way then is given five
    /// seconds.
    ///
    /// - Throws: ``PrometheusServerError`` when the address cannot be listened on, for example because it is taken.
    public func run() async throws {
        let channel = try await listen()
        onListening(channel.localAddress?.port ?? configuration.port)
        await withTaskCancellationOrGracefulShutdownHandler {
            try? await channel.closeFuture.get()
            await connections.waitUntilClosed()
        } onCancelOrGracefulShutdown: { [connections] in
            connections.quiesce(within: .seconds(5))
            channel.close(promise: nil)
        }
    }

    private func listen() async throws(PrometheusServerError) -> any Channel {
        do {
            return try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { [connections, responder, configuration] channel in
                    channel.eventLoop.makeCompletedFuture {
                        try connections.admit(channel)
                        try channel.pipeline.syncOperations.addScrapeHandlers(responder, configuration.idleTimeout)
                    }
                }
                .bind(host: configuration.host, port: configuration.port)
                .get()
        } catch {
            throw PrometheusServerError(host: configuration.host, port: configuration.port, reason: "\(error)")
        }
    }
}

/// The address of a ``PrometheusServer`` cannot be listened on.
public struct PrometheusServerError: Error, CustomStringConvertible {
    /// The host that was configured.
    public let host: String
    /// The port that was configured.
    public let port: Int
    /// What the system says.
    public let reason: String

    /// A sentence for a person.
    public var description: String { "metrics cannot be served on \(host):\(port): \(reason)" }
}

extension ChannelPipeline.SynchronousOperations {
    fileprivate func addScrapeHandlers(_ responder: ScrapeResponder, _ idleTimeout: Duration) throws {
        try addHandler(IdleStateHandler(allTimeout: TimeAmount(idleTimeout)))
        try addHandler(IdleConnectionCloser())
        try configureHTTPServerPipeline(withErrorHandling: true)
        try addHandler(ScrapeHandler(responder: responder))
    }
}
