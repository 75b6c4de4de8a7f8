// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import HummingbirdCore
public import Logging

extension CollectorServer {
    /// Builds the server of a port: HTTP/1.1 for a router, and gRPC on HTTP/2 without TLS beside it.
    ///
    /// The limits on connections and on bodies count those of all ports of this collector together.
    public func builder(logger: Logger) -> HTTPServerBuilder {
        let services = grpcServices(logger: logger)
        return HTTPServerBuilder { [connections, configuration] responder in
            CollectorChannel(
                responder: responder,
                http2: HTTP2Connection(services: services),
                table: connections,
                configuration: configuration
            )
        }
    }

    func grpcServices(logger: Logger) -> GRPCServices {
        GRPCServices(
            store: store,
            intake: intake,
            metrics: ReceiverMetrics(registry, transport: "grpc"),
            configuration: configuration,
            budget: budget,
            logger: logger
        )
    }
}
