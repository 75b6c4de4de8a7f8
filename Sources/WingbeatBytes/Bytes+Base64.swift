// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends bytes in base 64, padded (RFC 4648, section 4).
    package mutating func append(base64 bytes: some Collection<UInt8>) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let group = rest.prefix(3)
            rest = rest.dropFirst(3)
            append(base64Group: group, count: group.count)
        }
    }

    /// Appends four characters for one to three bytes.
    private mutating func append(base64Group group: some Collection<UInt8>, count: Int) {
        var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        bits <<= UInt32(8 * (3 - count))
        for position in 0..<4 {
            let digit = bits >> UInt32(18 - 6 * position) & 0x3F
            append(position <= count ? base64Digits[Int(digit)] : UInt8(ascii: "="))
        }
    }
}

private let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
