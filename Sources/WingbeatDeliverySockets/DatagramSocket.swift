// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A datagram socket that is connected to one address, so that the system tells it when nobody listens there. None of
/// its calls blocks.
final class DatagramSocket: Sendable {
    let address: ResolvedAddress
    let made = ContinuousClock.now
    private let descriptor: Int32

    init(connectedTo address: ResolvedAddress) throws(SocketFailure) {
        self.address = address
        descriptor = socket(address.family, datagramType | closedOnExec, 0)
        guard descriptor >= 0 else { throw SocketFailure(code: errno) }
        let status = address.withSystemAddress { [descriptor] in connect(descriptor, $0, $1) }
        guard status == 0 else { throw SocketFailure(code: errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Sends one datagram. On the loopback interface a refusal is known at once; from elsewhere it comes later, and
    /// ``takeRefusal()`` tells it.
    func send(_ bytes: [UInt8]) throws(SocketFailure) {
        let sent = sendto(descriptor, bytes, bytes.count, sendFlags, nil, 0)
        guard sent >= 0 else { throw SocketFailure(code: errno) }
        try takeRefusal()
    }

    /// Throws when a host has answered since the last call that nobody listens.
    func takeRefusal() throws(SocketFailure) {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        if code != 0 { throw SocketFailure(code: code) }
    }
}

#if canImport(Glibc)
    let datagramType = Int32(SOCK_DGRAM.rawValue)
    private let closedOnExec = Int32(SOCK_CLOEXEC.rawValue)
    private let sendFlags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
#elseif canImport(Musl)
    let datagramType = SOCK_DGRAM
    private let closedOnExec = SOCK_CLOEXEC
    private let sendFlags = MSG_DONTWAIT | MSG_NOSIGNAL
#else
    let datagramType = SOCK_DGRAM
    private let closedOnExec: Int32 = 0
    private let sendFlags = MSG_DONTWAIT
#endif
