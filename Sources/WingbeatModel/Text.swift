// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The elements of a comma-separated list, without the white space around them: `a, b` is `["a", "b"]`.
package func commaSeparated(_ list: some StringProtocol) -> [Substring] {
    Substring(list).split(separator: ",").map(\.trimmingSpaces).filter { !$0.isEmpty }
}

extension Substring {
    /// Without the spaces and tabs at both ends.
    package var trimmingSpaces: Substring {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        var trimmed = drop(while: isSpace)
        while let last = trimmed.last, isSpace(last) { trimmed.removeLast() }
        return trimmed
    }

    /// Replaces `%2C` and the like; nil when a percent sign is not followed by two hexadecimal digits, or when the
    /// bytes are not UTF-8.
    package func percentDecoded() -> String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let decoded = UInt64(hexDigits: digits) else { return nil }
            rest = rest.dropFirst(2)
            bytes.append(UInt8(decoded))
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
