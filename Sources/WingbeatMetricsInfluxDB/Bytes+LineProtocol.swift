// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

/// Names and values in InfluxDB's line protocol.
///
/// Commas, spaces and, in tags, equals signs get a backslash. What no backslash helps is replaced: a control character,
/// such as the newline that would end the line, by `_`; a backslash before one of the characters above, another
/// backslash or the end, where InfluxDB would take it for an escape, by `/`.
extension [UInt8] {
    /// Appends the name of a measurement; `_` stands for an empty one and for a `#` that would begin a comment.
    mutating func append(measurement name: String) {
        let needsStart = name.isEmpty || name.utf8.first == UInt8(ascii: "#")
        if needsStart { append(UInt8(ascii: "_")) }
        append(escaped: name, special: [UInt8(ascii: ","), UInt8(ascii: " ")])
    }

    /// Appends the name of a tag; InfluxDB's own `time`, `_measurement` and `_field` get a `_` at the end.
    mutating func append(tagKey name: String) {
        append(tagPart: name)
        if ["time", "_measurement", "_field"].contains(name) { append(UInt8(ascii: "_")) }
    }

    /// Appends the name or the value of a tag.
    mutating func append(tagPart text: String) {
        append(escaped: text, special: [UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "=")])
    }

    private mutating func append(escaped text: String, special: [UInt8]) {
        let backslash = UInt8(ascii: "\\")
        let utf8 = Array(text.utf8)
        for (index, byte) in utf8.enumerated() {
            switch byte {
            case 0..<0x20, 0x7F:
                append(UInt8(ascii: "_"))
            case backslash:
                let next = index + 1 < utf8.count ? utf8[index + 1] : backslash
                let isEscape = next < 0x20 || next == backslash || next == UInt8(ascii: "=") || special.contains(next)
                append(isEscape ? UInt8(ascii: "/") : backslash)
            case _ where special.contains(byte):
                append(backslash)
                append(byte)
            default:
                append(byte)
            }
        }
    }
}
