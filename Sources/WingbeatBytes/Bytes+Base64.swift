// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends bytes in base 64, padded (RFC 4648, section 4).
    package mutating func append(base64 data: some Collection<UInt8>) {
        append(data, digits: base64Digits)
        let tail = data.count % 3
        if tail > 0 { append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - tail)) }
    }

    /// Appends bytes in base 64 with the alphabet for URLs, without padding (RFC 4648, section 5).
    package mutating func append(base64URL data: some Collection<UInt8>) {
        append(data, digits: base64URLDigits)
    }

    private mutating func append(_ data: some Collection<UInt8>, digits: [UInt8]) {
        var rest = data[...]
        while !rest.isEmpty {
            let group = rest.prefix(3)
            rest = rest.dropFirst(3)
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for digit in 0...group.count {
                append(digits[Int(bits >> UInt32(18 - 6 * digit)) & 0x3F])
            }
        }
    }
}

private let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
private let base64URLDigits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
