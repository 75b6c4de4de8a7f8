// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// JSON for people: each member and element on a line of its own, four spaces a level.
enum PrettyJSON {
    /// - Parameter json: well-formed, without white space.
    static func indent(_ json: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        var depth = 0
        var isText = false
        var isEscaped = false
        for (index, byte) in json.enumerated() {
            if isText {
                bytes.append(byte)
                if byte == UInt8(ascii: "\""), !isEscaped { isText = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                bytes.append(byte)
                let next = index + 1 < json.count ? json[index + 1] : 0
                depth += 1
                if next != UInt8(ascii: "}"), next != UInt8(ascii: "]") { bytes.append(lineAt: depth) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                let last = bytes.last ?? 0
                if last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { bytes.append(lineAt: depth) }
                bytes.append(byte)
            case UInt8(ascii: ","):
                bytes.append(byte)
                bytes.append(lineAt: depth)
            case UInt8(ascii: ":"): bytes.append(contentsOf: [byte, UInt8(ascii: " ")])
            default:
                isText = byte == UInt8(ascii: "\"")
                bytes.append(byte)
            }
        }
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(lineAt depth: Int) {
        append(UInt8(ascii: "\n"))
        append(contentsOf: repeatElement(UInt8(ascii: " "), count: 4 * Swift.max(depth, 0)))
    }
}
