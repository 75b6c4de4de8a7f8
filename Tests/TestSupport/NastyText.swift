// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A short text of what breaks the lines, quotes and separators of formats, among plain letters and random bytes.
package func nastyText(using random: inout SeededGenerator) -> String {
    let pieces = [
        "a", "B", "7", "é", "日", "🐦", " ", "\t", "\n", "\r\n", "\0", "\u{1b}[2J", "\u{85}", "\u{a0}", "\u{2028}",
        "\u{202e}", "\"", "'", "\\", "\\\\", ",", ";", "=", ":", "|", "#", "{", "}", "[", "]", "~", "!", "^", "*", "/",
        "..", "_", "-", "<", ">", "&", "`", "$", "%", "+", "?", "@", "(", ")",
    ]
    return (0..<Int.random(in: 0...8, using: &random)).map { _ in
        guard Int.random(in: 0..<4, using: &random) == 0 else { return pieces.randomElement(using: &random) ?? "" }
        let bytes = (0..<3).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        return String(decoding: bytes, as: UTF8.self)
    }.joined()
}
