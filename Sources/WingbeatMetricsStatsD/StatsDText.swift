// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

/// Which characters a part of a line may have; all others become `_`, so that no name or label can break a line.
enum StatsDText {
    /// The name of a metric: ASCII letters, digits, `_`, `-` and `.`.
    case name
    /// A label's value as part of a name: like a name, but without dots, which would divide it.
    case partOfName
    /// A tag for Datadog: letters and digits of any script, `_`, `-`, `.`, `/`, and `:` in values.
    case datadogTagName, datadogTagValue
    /// A tag for Telegraf: letters and digits of any script, `_`, `-`, `.` and `/`.
    case telegrafTag

    fileprivate func allows(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        case ".": self != .partOfName
        case "/": self != .name && self != .partOfName
        case ":": self == .datadogTagValue
        case _ where scalar.isASCII: false
        default: self != .name && self != .partOfName && scalar.isLetterOrDigit
        }
    }
}

extension [UInt8] {
    /// Appends a text with `_` for every character that may not stand there, and for an empty name.
    mutating func append(_ text: String, as kind: StatsDText) {
        if text.isEmpty, kind != .datadogTagValue { return append(UInt8(ascii: "_")) }
        for scalar in text.unicodeScalars {
            if kind.allows(scalar) {
                append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            } else {
                append(UInt8(ascii: "_"))
            }
        }
    }
}

extension Unicode.Scalar {
    /// What Python's `\w` takes, which Datadog's client goes by.
    fileprivate var isLetterOrDigit: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: properties.numericType != nil
        }
    }
}
