// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends a text as the value of a parameter in a URL: all but letters, digits, `-`, `.`, `_` and `~` is written as
    /// `%20` and the like (RFC 3986, section 2.3).
    package mutating func append(percentEncoded text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                append(byte)
            default:
                append(UInt8(ascii: "%"))
                append(upperHexDigits[Int(byte >> 4)])
                append(upperHexDigits[Int(byte & 0xF)])
            }
        }
    }
}

private let upperHexDigits = Array("0123456789ABCDEF".utf8)
