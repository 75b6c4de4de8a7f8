// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatMetrics
import WingbeatModel

/// The labels of a series as text, rendered once for all its lines.
struct LabelText {
    private var inside: [UInt8] = []

    /// Labels that are text already.
    init(inside: UnsafeBufferPointer<UInt8>) {
        self.inside = Array(inside)
    }

    init(_ labels: LabelSet, of kind: MetricKind) {
        inside.reserveCapacity(labels.labels.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 8 })
        for (name, value) in exposedLabels(labels, of: kind) {
            if !inside.isEmpty { inside.append(UInt8(ascii: ",")) }
            inside.append(text: name)
            inside.append(literal: "=\"")
            inside.append(escaped: value, quotes: true)
            inside.append(UInt8(ascii: "\""))
        }
    }

    /// Appends the labels in braces; nothing when there are none.
    func append(to bytes: inout [UInt8]) {
        guard !inside.isEmpty else { return }
        bytes.append(UInt8(ascii: "{"))
        bytes.append(contentsOf: inside)
        bytes.append(UInt8(ascii: "}"))
    }

    /// Appends the labels and a bucket's bound.
    ///
    /// - Parameter writeBound: writes the bound between its quotes.
    func append(to bytes: inout [UInt8], le writeBound: (inout [UInt8]) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        bytes.append(contentsOf: inside)
        if !inside.isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes.append(literal: "le=\"")
        writeBound(&bytes)
        bytes.append(literal: "\"}")
    }
}

extension [UInt8] {
    /// Appends a text with backslash and newline escaped, and with the quote escaped where that is asked for.
    mutating func append(escaped text: String, quotes: Bool) {
        let isClean = text.utf8.allSatisfy { $0 != 0x5C && $0 != 0x0A && $0 != 0x22 }
        if isClean { return append(contentsOf: text.utf8) }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append(literal: "\\\\")
            case UInt8(ascii: "\n"): append(literal: "\\n")
            case UInt8(ascii: "\"") where quotes: append(literal: "\\\"")
            default: append(byte)
            }
        }
    }
}
