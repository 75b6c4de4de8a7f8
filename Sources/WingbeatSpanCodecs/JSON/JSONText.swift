// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What stands between the quotes of a JSON string, as it is written: a part of the input, which must outlive it.
struct JSONText {
    /// The bytes; where there are escapes in them, all are well-formed.
    let bytes: UnsafeBufferPointer<UInt8>
    /// True when a backslash is among the bytes.
    let hasEscapes: Bool

    /// The text that is meant; bytes that are not UTF-8 become U+FFFD.
    var string: String {
        hasEscapes ? JSONScanner.unescaped(bytes) : String(decoding: bytes, as: UTF8.self)
    }

    /// True when this text means the name, which is ASCII.
    @inline(__always)
    static func ~= (name: StaticString, text: JSONText) -> Bool {
        guard !text.hasEscapes else { return text.string == "\(name)" }
        return text.bytes.hasSameContent(
            as: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        )
    }
}
