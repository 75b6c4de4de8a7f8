// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(Glibc)
    import Glibc
    private let datagram = Int32(SOCK_DGRAM.rawValue)
    private let stream = Int32(SOCK_STREAM.rawValue)
#else
    private let datagram = SOCK_DGRAM
    private let stream = SOCK_STREAM
#endif

/// A real socket of this machine that takes what a sender under test sends; closed when it is let go of.
package final class LoopbackSocket: Sendable {
    private let descriptor: Int32
    /// The port; 0 for a Unix socket.
    package let port: Int

    /// A UDP socket on 127.0.0.1 or ::1; port 0 stands for a free one.
    package static func udp(port: Int = 0, isIPv6: Bool = false) throws -> LoopbackSocket {
        try LoopbackSocket(datagram, port: port, isIPv6: isIPv6)
    }

    /// A listening TCP socket on 127.0.0.1 or ::1; port 0 stands for a free one.
    package static func tcp(port: Int = 0, isIPv6: Bool = false) throws -> LoopbackSocket {
        let socket = try LoopbackSocket(stream, port: port, isIPv6: isIPv6)
        guard listen(socket.descriptor, 8) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        return socket
    }

    /// A Unix datagram socket; its file stays when it is closed.
    package static func unix(path: String) throws -> LoopbackSocket {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return try LoopbackSocket(AF_UNIX, datagram, address)
    }

    private convenience init(_ type: Int32, port: Int, isIPv6: Bool) throws {
        let port = UInt16(port).bigEndian
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port
            address.sin6_addr = in6addr_loopback
            try self.init(AF_INET6, type, address)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            try self.init(AF_INET, type, address)
        }
    }

    private init<Address>(_ family: Int32, _ type: Int32, _ address: Address) throws {
        descriptor = socket(family, type, 0)
        var isReusable: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReusable, socklen_t(MemoryLayout<Int32>.size))
        let status = withUnsafeBytes(of: address) { [descriptor] bytes in
            bind(descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
        }
        guard status == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        port = family == AF_UNIX ? 0 : Self.port(of: descriptor)
    }

    private init(accepted descriptor: Int32) {
        self.descriptor = descriptor
        port = 0
    }

    deinit { close(descriptor) }

    /// The next datagram, or what has come on a connection; nil when nothing comes within five seconds, and empty when
    /// the connection has ended.
    package func receive() async -> String? {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        for _ in 0..<2500 {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count >= 0 { return String(decoding: buffer[..<count], as: UTF8.self) }
            try? await Task.sleep(for: .milliseconds(2))
        }
        return nil
    }

    /// The next connection to a listening socket; nil when none comes within five seconds.
    package func accept() async -> LoopbackSocket? {
        for _ in 0..<2500 {
            var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&state, 1, 0) == 1 {
                return LoopbackSocket(accepted: Foundation.accept(descriptor, nil, nil))
            }
            try? await Task.sleep(for: .milliseconds(2))
        }
        return nil
    }

    private static func port(of descriptor: Int32) -> Int {
        var address = sockaddr_in6()  // the port is at the same place in an IPv4 address
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        _ = withUnsafeMutableBytes(of: &address) {
            getsockname(descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, &size)
        }
        return Int(UInt16(bigEndian: address.sin6_port))
    }
}
