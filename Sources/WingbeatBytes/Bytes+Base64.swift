// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends bytes in base 64, with padding (RFC 4648, section 4).
    package mutating func append(base64 data: some Collection<UInt8>) {
        append(base64: data, with: alphabet)
        for _ in 0..<(3 - data.count % 3) % 3 { append(UInt8(ascii: "=")) }
    }

    /// Appends bytes in base 64 with the alphabet for URLs, without padding (RFC 4648, section 5).
    package mutating func append(base64URL data: some Collection<UInt8>) {
        append(base64: data, with: urlAlphabet)
    }

    private mutating func append(base64 data: some Collection<UInt8>, with alphabet: [UInt8]) {
        var rest = data[...]
        while !rest.isEmpty {
            let group = rest.prefix(3)
            rest = rest.dropFirst(3)
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for digit in 0...group.count {
                append(alphabet[Int(bits >> UInt32(18 - 6 * digit)) & 0x3F])
            }
        }
    }
}

private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
private let urlAlphabet = Array(alphabet.dropLast(2)) + Array("-_".utf8)
