// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension NetworkEndpoint {
    /// Sets ``ipv4`` or ``ipv6`` from the text of an address, in canonical form; an IPv4 address written as IPv6
    /// (`::ffff:1.2.3.4`) sets ``ipv4``.
    ///
    /// - Returns: false when the text is no address; nothing is changed then.
    @discardableResult
    public mutating func setAddress(_ text: some StringProtocol) -> Bool {
        let text = String(text)
        guard !text.utf8.contains(0) else { return false }  // C would stop reading there
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            ipv4 = text
            return true
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return false }
        let bytes = withUnsafeBytes(of: &v6) { Array($0) }
        if bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) {
            ipv4 = bytes[12...].map(String.init).joined(separator: ".")
        } else {
            ipv6 = canonicalText(&v6)
        }
        return true
    }

    private func canonicalText(_ address: inout in6_addr) -> String {
        let capacity = Int(INET6_ADDRSTRLEN)
        return String(unsafeUninitializedCapacity: capacity) { buffer in
            let start = UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
            guard let start, inet_ntop(AF_INET6, &address, start, socklen_t(capacity)) != nil else { return 0 }
            return strlen(start)
        }
    }
}
