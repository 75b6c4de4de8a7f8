// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals
import WingbeatCollectorServer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The ports of the collector, all of which take gRPC and HTTP: the first with everything, OpenTelemetry's own with OTLP.
struct CollectorListeners {
    private let listeners: [Listener]
    private let logger: Logger

    /// - Parameter main: where everything is; OpenTelemetry's ports are on the same host unless they are said.
    init(
        server: CollectorServer,
        main: ListenAddress,
        options: ListenOptions,
        below base: BasePath,
        logger: Logger
    ) {
        self.logger = logger
        let builder = server.builder(logger: logger)
        var listeners = [Listener(.main, main, server.router(), builder, below: base, logger: logger)]
        for (role, option) in [(Listener.Role.otlpGRPC, options.otlpGrpc), (Listener.Role.otlpHTTP, options.otlpHttp)] {
            switch option {
            case .off: break
            case .address(let address):
                listeners.append(Listener(role, address, server.otlpRouter(), builder, below: base, logger: logger))
            case nil:
                let address = ListenAddress(host: main.host, port: role.defaultPort)
                let router = server.otlpRouter()
                listeners.append(
                    Listener(role, address, router, builder, below: base, mayBeTaken: true, logger: logger)
                )
            }
        }
        self.listeners = listeners
    }

    /// Listens until the process is asked to end.
    ///
    /// - Parameter greet: is told when every port is open, what to say of each.
    func run(beside services: [any Service], greet: @escaping @Sendable ([String]) -> Void) async throws {
        let (events, open) = AsyncStream.makeStream(of: (Int, String).self)
        let ports = listeners.enumerated().map { index, listener in
            OpenPort(listener: listener) { open.yield((index, $0)) }
        }
        let greeter = Greeter(events: events, count: ports.count, greet: greet)
        try await ServiceGroup(
            configuration: .init(
                services: services + ports + [greeter],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        ).run()
    }
}

/// Runs a port.
private struct OpenPort: Service {
    let listener: Listener
    let say: @Sendable (String) -> Void

    func run() async throws {
        do {
            try await listener.application { say(listener.greeting($0)) }.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE && listener.mayBeTaken {
            listener.logger.warning("\(listener.failure(error)); nothing is taken there")
            say("  otlp    port \(listener.address.port) is in use by another process")
            try await gracefulShutdown()
        } catch {
            throw listener.failure(error)
        }
    }
}

/// Says once, in the order of the ports, where the collector listens.
private struct Greeter: Service {
    let events: AsyncStream<(Int, String)>
    let count: Int
    let greet: @Sendable ([String]) -> Void

    func run() async throws {
        var lines: [Int: String] = [:]
        for await (index, line) in events.cancelOnGracefulShutdown() {
            lines[index] = line
            if lines.count == count { greet(lines.sorted { $0.key < $1.key }.map(\.value)) }
        }
    }
}
