// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

extension ZipkinV1Converter {
    /// Makes tags and remote endpoints of the binary annotations.
    mutating func convertBinaryAnnotations() {
        var addresses: [String: Shared<NetworkEndpoint>] = [:]
        for binary in source.binaryAnnotations {
            if binary.isAddress {
                addresses[binary.key] = binary.endpoint
            } else {
                let place = place(of: binary.endpoint)
                if binary.key == "lc", binary.value == "" { continue }  // it is there for its endpoint
                spans[place].attributes.append(Attribute(binary.key, binary.value))
            }
        }
        setRemoteEndpoints(client: addresses["ca"], server: addresses["sa"], broker: addresses["ma"])
    }

    private mutating func setRemoteEndpoints(
        client: Shared<NetworkEndpoint>?,
        server: Shared<NetworkEndpoint>?,
        broker: Shared<NetworkEndpoint>?
    ) {
        let clientEnd = core[.cs] ?? core[.cr]
        let serverEnd = core[.sr] ?? core[.ss]
        guard clientEnd != nil || serverEnd != nil || client == nil && server == nil else {
            return setRemoteEndpoint(client: client, server: server)
        }
        if let client, let serverEnd, client != serverEnd.endpoint {
            spans[place(of: serverEnd.endpoint)].sharedRemoteEndpoint = Self.nameless(client, beside: serverEnd)
        }
        if let server, let clientEnd { spans[place(of: clientEnd.endpoint)].sharedRemoteEndpoint = server }
        guard let broker else { return }
        for end in [core[.ms], core[.mr]] {
            if let end { spans[place(of: end.endpoint)].sharedRemoteEndpoint = broker }
        }
    }

    /// Nothing says on which side the span was made: the address of a server does not make it a client's.
    private mutating func setRemoteEndpoint(client: Shared<NetworkEndpoint>?, server: Shared<NetworkEndpoint>?) {
        guard let server else {
            spans[0].kind = .server
            spans[0].sharedRemoteEndpoint = client
            return
        }
        spans[place(of: client)].sharedRemoteEndpoint = server
    }

    /// Finagle gives a client's port the server's own name, which would be a service that calls itself.
    private static func nameless(
        _ client: Shared<NetworkEndpoint>,
        beside server: Annotation
    ) -> Shared<NetworkEndpoint>? {
        guard name(of: client) == name(of: server.endpoint) else { return client }
        var endpoint = client.value
        endpoint.serviceName = nil
        return endpoint.isEmpty ? nil : Shared(endpoint)
    }
}
