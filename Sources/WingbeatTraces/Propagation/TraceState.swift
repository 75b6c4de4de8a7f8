// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Whether a text is a `tracestate`: up to 32 members `key=value`, separated by commas.
///
/// Source: w3.org/TR/trace-context-2, section 3.3.
func isTraceState(_ text: String) -> Bool {
    text.withHeaderBytes { bytes in
        guard bytes.count <= longest else { return false }
        var members = 0
        for member in HeaderParts(of: bytes, separator: UInt8(ascii: ",")) where !member.isEmpty {
            members += 1
            guard members <= mostMembers, isMember(member) else { return false }
        }
        return members > 0
    }
}

private let mostMembers = 32
/// Keys and values have up to 256 bytes each.
private let longest = mostMembers * (256 + 1 + 256 + 1)

private func isMember(_ bytes: HeaderBytes) -> Bool {
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { return false }
    let (key, value) = (bytes[..<equals], bytes[(equals + 1)...])
    guard let first = key.first, isKeyStart(first), key.count <= 256, key.allSatisfy(isKeyByte) else { return false }
    return (1...256).contains(value.count) && value.allSatisfy(isValueByte)
}

private func isKeyStart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
}

private func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "@"): true
    default: isKeyStart(byte)
    }
}

private func isValueByte(_ byte: UInt8) -> Bool {
    (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "=")
}
