// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// One side of a conversation on the network.
public struct NetworkEndpoint: Hashable, Sendable {
    /// The service's name, in the case in which it was given; nil when unknown.
    public var serviceName: String?
    /// An IPv4 address in dotted form.
    public var ipv4: String?
    /// An IPv6 address in its canonical form (RFC 5952).
    public var ipv6: String?
    /// The port; nil when unknown.
    public var port: UInt16?

    /// An endpoint of the parts that are known.
    public init(serviceName: String? = nil, ipv4: String? = nil, ipv6: String? = nil, port: UInt16? = nil) {
        self.serviceName = serviceName
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        self.port = port
    }

    /// True when nothing is known.
    public var isEmpty: Bool { serviceName == nil && ipv4 == nil && ipv6 == nil && port == nil }
}
