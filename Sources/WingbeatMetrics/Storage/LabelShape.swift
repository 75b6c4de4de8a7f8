// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

/// A set of label names that series of a family share, and how their labels are written.
struct LabelShape: Sendable {
    /// The shape's number in its family.
    let id: UInt16
    /// The names as Prometheus allows them, in the order of the values in keys.
    let names: [String]
    /// The names as they were given.
    let displayNames: [String]
    /// The names sorted, by which shapes are told apart.
    let sortedNames: [String]
    /// Which value is written when: by name.
    private let order: [Int]
    /// What stands before each value, in writing order: `method="`, `",route="`.
    private let prefixes: [[UInt8]]

    init(id: UInt16, names: [String], displayNames: [String]) {
        self.id = id
        self.names = names
        self.displayNames = displayNames
        let order = names.indices.sorted { names[$0] < names[$1] }
        self.order = order
        sortedNames = order.map { names[$0] }
        prefixes = order.enumerated().map { place, index in
            Array(((place == 0 ? "" : "\",") + names[index] + "=\"").utf8)
        }
    }

    /// Appends the labels of a key as Prometheus writes them, without braces.
    func append(_ key: UnsafeBufferPointer<UInt64>, to text: inout [UInt8]) {
        guard !names.isEmpty else { return }
        withValues(of: key) { values in
            for (place, index) in order.enumerated() {
                text.append(contentsOf: prefixes[place])
                text.append(escapedLabelValue: values[index])
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    /// The labels of a key with the names as they were given.
    func labels(_ key: UnsafeBufferPointer<UInt64>) -> LabelSet {
        withValues(of: key) { values in
            LabelSet(zip(displayNames, values).map { Label($0, String(decoding: $1, as: UTF8.self)) })
        }
    }

    private func withValues<Result>(
        of key: UnsafeBufferPointer<UInt64>,
        _ body: (_ values: [Slice<UnsafeRawBufferPointer>]) -> Result
    ) -> Result {
        let bytes = UnsafeRawBufferPointer(key)
        var start = SeriesKey.headerLength(values: names.count) * 8
        guard let header = key.baseAddress else { return body([]) }
        return body(
            names.indices.map { index in
                let length = SeriesKey.length(of: index, in: header)
                defer { start += (length + 7) / 8 * 8 }
                return bytes[start..<start + length]
            }
        )
    }
}

extension [UInt8] {
    /// Appends a label's value as Prometheus' text formats have it: backslash, newline and quote escaped.
    fileprivate mutating func append(escapedLabelValue value: Slice<UnsafeRawBufferPointer>) {
        if value.allSatisfy({ $0 != 0x5C && $0 != 0x0A && $0 != 0x22 }) { return append(contentsOf: value) }
        for byte in value {
            switch byte {
            case UInt8(ascii: "\\"): append(literal: "\\\\")
            case UInt8(ascii: "\n"): append(literal: "\\n")
            case UInt8(ascii: "\""): append(literal: "\\\"")
            default: append(byte)
            }
        }
    }
}
