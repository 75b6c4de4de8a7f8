// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Where datagrams go.
public enum DatagramAddress: Hashable, Sendable {
    /// A UDP port of a host, which is a name, an IPv4 or an IPv6 address (without brackets).
    case udp(host: String, port: Int)
    /// A Unix datagram socket, by the path of its file: at most 107 bytes on Linux.
    case unix(path: String)
}

extension DatagramAddress: CustomStringConvertible {
    /// The address as a URL: `udp://127.0.0.1:8125`, `unix:///run/statsd.socket`.
    public var description: String {
        switch self {
        case .udp(let host, let port): host.contains(":") ? "udp://[\(host)]:\(port)" : "udp://\(host):\(port)"
        case .unix(let path): "unix://\(path)"
        }
    }
}
