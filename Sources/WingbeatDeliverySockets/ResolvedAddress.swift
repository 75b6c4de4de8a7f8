// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An address in the form in which the system takes it.
struct ResolvedAddress: Hashable, Sendable {
    let family: Int32
    private let bytes: [UInt8]

    /// The addresses of a host, in the system's order of preference. Blocks while it asks the name servers.
    static func all(host: String, port: Int) throws(SocketFailure) -> [ResolvedAddress] {
        guard UInt16(exactly: port) != nil else { throw SocketFailure("there is no port \(port)", isFinal: true) }
        var hints = addrinfo()
        hints.ai_socktype = datagramType
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard status == 0 else { throw SocketFailure(String(cString: gai_strerror(status))) }
        return sequence(first: list, next: { $0?.pointee.ai_next }).compactMap { $0 }.compactMap { entry in
            guard let address = entry.pointee.ai_addr else { return nil }
            let bytes = UnsafeRawBufferPointer(start: address, count: Int(entry.pointee.ai_addrlen))
            return ResolvedAddress(family: entry.pointee.ai_family, bytes: Array(bytes))
        }
    }

    private init(family: Int32, bytes: [UInt8]) {
        self.family = family
        self.bytes = bytes
    }

    /// The address of a Unix socket; nil when the path is too long for one, or empty.
    init?(path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard !path.isEmpty, path.utf8.count < room.count else { return false }
            room.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { return nil }
        family = AF_UNIX
        bytes = withUnsafeBytes(of: &address) { Array($0) }
    }

    /// Hands the address to a system call.
    func withSystemAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { room in room.copyBytes(from: bytes.prefix(room.count)) }
        return withUnsafePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(bytes.count)) }
        }
    }
}
