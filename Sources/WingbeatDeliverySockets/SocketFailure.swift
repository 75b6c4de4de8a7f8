// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why a socket would not do its work.
struct SocketFailure: Error, CustomStringConvertible {
    let description: String
    /// True when trying again cannot mend it: the address is none, or the message is too long for a datagram.
    let isFinal: Bool
    /// True when waiting for some milliseconds may mend it: the peer has not read yet what it was sent.
    let isFullBuffer: Bool

    init(_ description: String, isFinal: Bool = false) {
        self.description = description
        self.isFinal = isFinal
        isFullBuffer = false
    }

    /// A failure of a system call.
    init(code: Int32) {
        description = String(cString: strerror(code))
        isFinal = code == EMSGSIZE
        isFullBuffer = code == EAGAIN || code == EWOULDBLOCK || code == ENOBUFS
    }
}
