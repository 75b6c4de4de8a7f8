// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The four bytes of an IPv4 address in network order; none where the text is no such address.
func addressBytes(ofIPv4 text: String) -> [UInt8] {
    var address = in_addr()
    return inet_pton(AF_INET, text, &address) == 1 ? withUnsafeBytes(of: &address) { Array($0) } : []
}

/// The sixteen bytes of an IPv6 address in network order; none where the text is no such address.
func addressBytes(ofIPv6 text: String) -> [UInt8] {
    var address = in6_addr()
    return inet_pton(AF_INET6, text, &address) == 1 ? withUnsafeBytes(of: &address) { Array($0) } : []
}
