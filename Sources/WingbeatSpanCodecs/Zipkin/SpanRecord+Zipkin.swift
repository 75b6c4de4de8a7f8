// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

extension SpanRecord {
    /// What Zipkin does to every span that it reads: one is not its own parent, and a client's is not shared.
    @inline(__always)
    mutating func normalizeForZipkin() {
        if parentID == id { parentID = nil }
        if kind == .client { isShared = false }
    }
}

extension NetworkEndpoint {
    /// Sets the address from the bytes of an IPv4 or an IPv6 address, in network order; other counts of bytes, and zeros
    /// of IPv4, are no address.
    mutating func setAddress(bytes: UnsafeBufferPointer<UInt8>) {
        switch bytes.count {
        case 4 where bytes.contains { $0 != 0 }: setAddress(bytes.map(String.init).joined(separator: "."))
        case 16:
            let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
            setAddress(groups.map { String($0, radix: 16) }.joined(separator: ":"))
        default: break
        }
    }

    /// Sets the port, where zero and less mean unknown.
    mutating func setPort(_ number: Int64) throws(SpanDecodingError) {
        guard number > 0 else { return port = nil }
        guard let valid = UInt16(exactly: number) else { throw SpanDecodingError("invalid port \(number)") }
        port = valid
    }
}
