// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension Baggage {
    /// Whether a header can be carried as it is: every member is well-formed, and the bytes are those of HTTP.
    static func isClean(_ header: String) -> Bool {
        header.withHeaderBytes { bytes in
            guard bytes.allSatisfy({ (0x20...0x7E).contains($0) || $0 == UInt8(ascii: "\t") }) else { return false }
            var count = 0
            for part in HeaderParts(of: bytes, separator: UInt8(ascii: ",")) {
                count += 1
                guard count <= maximumMembers, WrittenMember(part) != nil else { return false }
            }
            return true
        }
    }

    static func members(of header: String) -> [Member] {
        header.withHeaderBytes { bytes in
            HeaderParts(of: bytes, separator: UInt8(ascii: ",")).compactMap { WrittenMember($0)?.decoded }
        }
    }

    static func value(of key: String, in bytes: HeaderBytes) -> String? {
        var value: HeaderBytes?
        for part in HeaderParts(of: bytes, separator: UInt8(ascii: ",")) {
            guard let member = WrittenMember(part), member.key.elementsEqual(key.utf8) else { continue }
            value = member.value
        }
        return value?.percentDecoded
    }
}

/// A member as it stands in a header: `key=value;property;property=value`.
private struct WrittenMember {
    let key: HeaderBytes
    let value: HeaderBytes
    private let properties: HeaderBytes?

    /// Nil without a key that HTTP allows, or with control characters.
    init?(_ bytes: HeaderBytes) {
        let semicolon = bytes.firstIndex(of: UInt8(ascii: ";"))
        guard let pair = WrittenPair(HeaderBytes(rebasing: bytes[..<(semicolon ?? bytes.count)])) else { return nil }
        guard let value = pair.value, bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { return nil }
        key = pair.key
        self.value = value
        properties = semicolon.map { HeaderBytes(rebasing: bytes[($0 + 1)...]) }
    }

    var decoded: Baggage.Member {
        var member = Baggage.Member(String(decoding: key, as: UTF8.self), value.percentDecoded)
        guard let properties else { return member }
        member.properties = HeaderParts(of: properties, separator: UInt8(ascii: ";")).compactMap { part in
            WrittenPair(part).map {
                Baggage.Property(String(decoding: $0.key, as: UTF8.self), $0.value?.percentDecoded)
            }
        }
        return member
    }
}

/// `key` or `key=value`.
private struct WrittenPair {
    let key: HeaderBytes
    let value: HeaderBytes?

    init?(_ bytes: HeaderBytes) {
        let equals = bytes.firstIndex(of: UInt8(ascii: "="))
        key = HeaderBytes(rebasing: bytes[..<(equals ?? bytes.count)]).trimmed
        value = equals.map { HeaderBytes(rebasing: bytes[($0 + 1)...]).trimmed }
        guard key.isToken else { return nil }
    }
}

extension HeaderBytes {
    /// Whether it may be the name of a header (RFC 9110, section 5.6.2).
    var isToken: Bool {
        !isEmpty
            && allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"),
                    UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
                    true
                default: false
                }
            }
    }

    /// The text with `%2C` and the like replaced. A percent sign without two digits stays, and bytes that are not UTF-8
    /// become U+FFFD, as W3C asks.
    fileprivate var percentDecoded: String {
        String(unsafeUninitializedCapacity: count) { text in
            var (read, written) = (0, 0)
            while read < count {
                let code = self[read] == UInt8(ascii: "%") ? hex(at: read + 1, digits: 2, upperCase: true) : nil
                text[written] = code.map { UInt8(truncatingIfNeeded: $0) } ?? self[read]
                read += code == nil ? 1 : 3
                written += 1
            }
            return written
        }
    }
}
