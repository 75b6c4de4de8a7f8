// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Text for a terminal.
package enum TerminalText {
    /// The text with everything made visible that could move the cursor, change colours or turn the direction of
    /// reading: names of spans come from whoever sent them.
    package static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if isControl(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    /// How many columns the text takes: two for what East Asian fonts make wide, none for combining marks.
    package static func width(_ text: String) -> Int {
        text.reduce(0) { $0 + width($1) }
    }

    /// The text in exactly so many columns: filled with spaces, or cut off with `…`.
    package static func fitted(_ text: String, to columns: Int, isRight: Bool = false) -> String {
        let text = cut(text, to: columns)
        let fill = String(repeating: " ", count: max(columns - width(text), 0))
        return isRight ? fill + text : text + fill
    }

    /// The text in at most so many columns.
    package static func cut(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        var result = ""
        var used = 0
        for character in text {
            used += width(character)
            if used >= columns { break }
            result.append(character)
        }
        return columns > 0 ? result + "…" : ""
    }

    private static func width(_ character: Character) -> Int {
        character.unicodeScalars.contains { isWide($0) } ? 2 : 1
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF,
            0xE0000...0xE007F:
            true
        default: false
        }
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

/// How a text stands out where colours are shown.
package enum TerminalStyle: String, Sendable {
    /// Failed.
    case red = "31"
    /// Beside the point.
    case dim = "2"
    /// A heading.
    case bold = "1"

    /// The text in this style; as it is where colours are not shown.
    package func callAsFunction(_ text: String, isColored: Bool) -> String {
        isColored ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
