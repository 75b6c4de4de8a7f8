// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hummingbird
import WingbeatCollectorServer

/// Where the collector listens beside its first address, and under which names.
struct ListenOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where to take OpenTelemetry over gRPC, or off. (default: port 4317)",
            valueName: "address"
        ),
        transform: { try OTLPAddress($0, defaultPort: OTLPAddress.grpcPort) }
    )
    var otlpGrpc: OTLPAddress?

    @Option(
        help: ArgumentHelp(
            "Where to take OpenTelemetry over HTTP, or off. (default: port 4318)",
            valueName: "address"
        ),
        transform: { try OTLPAddress($0, defaultPort: OTLPAddress.httpPort) }
    )
    var otlpHttp: OTLPAddress?

    @Option(
        help: ArgumentHelp("One more name under which browsers may reach the collector.", valueName: "name")
    )
    var allowHost: [String] = []

    @Option(
        help: ArgumentHelp(
            "A path below which a reverse proxy shows the collector, such as /traces. (default: ZIPKIN_UI_BASEPATH or none)",
            valueName: "path"
        ),
        transform: { text in
            guard let path = BasePath(text) else { throw ValidationError("'\(text)' is not a path such as /traces.") }
            return path
        }
    )
    var basePath: BasePath?

    /// Below which path the collector answers, too.
    func base(_ environment: Environment) throws -> BasePath {
        if let basePath { return basePath }
        let text = environment.get("ZIPKIN_UI_BASEPATH") ?? ""
        guard let path = BasePath(text) else {
            throw ValidationError("ZIPKIN_UI_BASEPATH=\(text) is not a path such as /traces.")
        }
        return path
    }

    /// The names that browsers may use; nil for any, where the collector listens beyond this machine and none is said.
    func allowedHosts(listeningOn address: ListenAddress) -> Set<String>? {
        guard address.isLoopback || !allowHost.isEmpty else { return nil }
        return Set((allowHost + [address.host]).map { $0.lowercased() })
    }

    /// Reads what Zipkin says in the environment.
    func apply(_ environment: Environment, to configuration: inout CollectorServer.Configuration) throws {
        guard let text = environment.get("COLLECTOR_GRPC_ENABLED"), !text.isEmpty else { return }
        guard let isEnabled = Bool(text.lowercased()) else {
            throw ValidationError("COLLECTOR_GRPC_ENABLED=\(text) is neither true nor false.")
        }
        configuration.acceptsZipkinOverGRPC = isEnabled
    }
}

/// Where one of OpenTelemetry's two protocols is taken.
enum OTLPAddress {
    static let grpcPort = 4317
    static let httpPort = 4318

    case off
    case address(ListenAddress)

    init(_ text: String, defaultPort: Int) throws {
        if text.lowercased() == "off" {
            self = .off
        } else if let address = ListenAddress(text, defaultPort: defaultPort) {
            self = .address(address)
        } else {
            throw ValidationError("'\(text)' is neither off nor like 127.0.0.1:\(defaultPort).")
        }
    }
}
