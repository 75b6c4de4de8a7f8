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

extension [UInt8] {
    /// The bytes that a text in base 64 means, of either alphabet, with or without padding; nil where it means none.
    package init?(base64 text: some StringProtocol) {
        var text = Substring(text).utf8
        let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard padding == 0 || padding <= 2 && text.count % 4 == 0 else { return nil }
        text = text.dropLast(padding)
        guard text.count % 4 != 1 else { return nil }
        self = []
        reserveCapacity(text.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        for (position, character) in text.enumerated() {
            guard let digit = base64Digit(character) else { return nil }
            bits = bits << 6 | digit
            if position % 4 > 0 { append(UInt8(truncatingIfNeeded: bits >> UInt32(6 - 2 * (position % 4)))) }
        }
    }
}

private func base64Digit(_ character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
}

private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
private let urlAlphabet = Array(alphabet.dropLast(2)) + Array("-_".utf8)
