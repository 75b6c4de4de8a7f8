// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

/// A metric's name with its stream tags: `http.requests|ST[method:GET,route:/orders]`.
///
/// A tag's name or value with other characters than Circonus allows is written in base 64, as `b"..."`. In the name `|`
/// and control characters become `_`.
/// Source: docs.circonus.com/irondb/metric-names-tags-queries.
struct CirconusName {
    private let name: String
    private let tags: [UInt8]
    private let isTooLong: Bool

    init(_ name: String, _ labels: [Label]) {
        self.name = String(String.UnicodeScalarView(name.unicodeScalars.map { isForbidden($0) ? "_" : $0 }))
        var list: [UInt8] = []
        var longest = 0
        for label in labels {
            if !list.isEmpty { list.append(UInt8(ascii: ",")) }
            let start = list.count
            list.append(tagPart: label.name, isValue: false)
            list.append(UInt8(ascii: ":"))
            list.append(tagPart: label.value, isValue: true)
            longest = max(longest, list.count - start)
        }
        tags = list.isEmpty ? [] : Array("|ST[".utf8) + list + Array("]".utf8)
        isTooLong = longest > longestTag
    }

    /// The whole name with a suffix before the tags; nil where it is longer than Circonus takes.
    func whole(suffix: String = "") -> String? {
        let base = name + suffix
        let tagged = (jsonWords.contains(base) ? base + "_" : base) + String(decoding: tags, as: UTF8.self)
        return isTooLong || tagged.utf8.count > longestName ? nil : tagged
    }
}

extension [UInt8] {
    fileprivate mutating func append(tagPart text: String, isValue: Bool) {
        let isPlain = text.utf8.allSatisfy { isTagCharacter($0, isValue: isValue) } && !text.hasPrefix("b\"")
        if isPlain { return append(text: text) }
        append(literal: "b\"")
        append(base64: Array(text.utf8))
        append(UInt8(ascii: "\""))
    }
}

private func isTagCharacter(_ byte: UInt8, isValue: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    case UInt8(ascii: ":"), UInt8(ascii: "="): isValue
    default: allowedSigns.contains(byte)
    }
}

private func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "|" || scalar.properties.generalCategory == .control
}

/// Of the signs that Circonus allows these are the same in names and in values.
private let allowedSigns = Array("`!@#$%^&\"'/?._-".utf8)
/// What the keys of a metric's own object are called, and so no metric.
private let jsonWords: Set<String> = ["_type", "_value", "_ts", "_fl", "_tags"]
private let longestTag = 256
private let longestName = 4095
