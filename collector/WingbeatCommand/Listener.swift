// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import WingbeatCollectorServer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why an address cannot be listened on: a sentence.
struct ListenFailure: Error, CustomStringConvertible {
    let description: String
}

/// One port of the collector.
struct Listener: Sendable {
    enum Role {
        case main
        case otlpGRPC
        case otlpHTTP

        var defaultPort: Int {
            switch self {
            case .main: ListenAddress.defaultPort
            case .otlpGRPC: OTLPAddress.grpcPort
            case .otlpHTTP: OTLPAddress.httpPort
            }
        }

        var flag: String {
            switch self {
            case .main: "--listen"
            case .otlpGRPC: "--otlp-grpc"
            case .otlpHTTP: "--otlp-http"
            }
        }
    }

    let role: Role
    let address: ListenAddress
    private let responder: BasePathResponder<RouterResponder<BasicRequestContext>>
    private let basePath: BasePath
    private let builder: HTTPServerBuilder
    /// True when the collector does without this port if another process has it.
    let mayBeTaken: Bool
    let logger: Logger

    init(
        _ role: Role,
        _ address: ListenAddress,
        _ router: Router<BasicRequestContext>,
        _ builder: HTTPServerBuilder,
        below basePath: BasePath,
        mayBeTaken: Bool = false,
        logger: Logger
    ) {
        self.role = role
        self.address = address
        responder = BasePathResponder(router.buildResponder(), below: basePath)
        self.basePath = basePath
        self.builder = builder
        self.mayBeTaken = mayBeTaken
        self.logger = logger
    }

    func application(onOpen: @escaping @Sendable (ListenAddress) -> Void) -> Application<
        BasePathResponder<RouterResponder<BasicRequestContext>>
    > {
        Application(
            responder: responder,
            server: builder,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                serverName: "wingbeat"
            ),
            onServerRunning: { [address] channel in
                onOpen(ListenAddress(host: address.host, port: channel.localAddress?.port ?? address.port))
            },
            logger: logger
        )
    }

    /// What the greeting says of the port.
    func greeting(_ address: ListenAddress) -> String {
        switch role {
        case .main: "  browse  http://\(address)\(basePath.path)/\n  send    http://\(address)/api/v2/spans"
        case .otlpGRPC: "  otlp    http://\(address) (gRPC)"
        case .otlpHTTP: "  otlp    http://\(address)/v1/traces"
        }
    }

    /// A sentence about what keeps the port from being opened.
    func failure(_ error: any Error) -> ListenFailure {
        let code = (error as? IOError)?.errnoCode
        if code == EADDRINUSE {
            return ListenFailure(
                description: "port \(address.port) on \(address.host) is in use; choose another with \(role.flag)"
            )
        }
        if code == EACCES {
            return ListenFailure(
                description: "port \(address.port) needs more rights than this process has; choose one above 1023"
            )
        }
        return ListenFailure(description: "cannot listen on \(address): \(error)")
    }
}
