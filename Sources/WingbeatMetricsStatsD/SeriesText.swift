// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

/// What stands around the values of one series: `head` + value + `|type` + rate + `tail`.
struct SeriesText {
    /// The name, with labels where the dialect has them there, up to the colon.
    private(set) var head: [UInt8] = []
    /// The tags behind the value; empty in other dialects.
    private(set) var tail: [UInt8] = []

    init(name: String, labels: LabelSet, configuration: StatsDConfiguration) {
        appendName(prefix: configuration.prefix, name)
        let own = labels.labels
        let tags = own + configuration.globalTags.filter { tag in !own.contains { $0.name == tag.name } }
        switch configuration.dialect.tagStyle {
        case .partsOfName: for tag in tags { appendPartOfName(tag) }
        case .afterName: for tag in tags where !tag.value.isEmpty { appendTelegrafTag(tag) }
        case .afterValue: for tag in tags { appendDatadogTag(tag) }
        }
        head.append(UInt8(ascii: ":"))
    }

    private mutating func appendName(prefix: String, _ name: String) {
        if !prefix.isEmpty {
            head.append(prefix, as: .name)
            if head.last != UInt8(ascii: ".") { head.append(UInt8(ascii: ".")) }
        }
        head.append(name, as: .name)
    }

    private mutating func appendPartOfName(_ tag: Label) {
        head.append(UInt8(ascii: "."))
        head.append(tag.value, as: .partOfName)
    }

    private mutating func appendTelegrafTag(_ tag: Label) {
        head.append(UInt8(ascii: ","))
        head.append(tag.name, as: .telegrafTag)
        head.append(UInt8(ascii: "="))
        head.append(tag.value, as: .telegrafTag)
    }

    private mutating func appendDatadogTag(_ tag: Label) {
        tail.append(literal: tail.isEmpty ? "|#" : ",")
        tail.append(tag.name, as: .datadogTagName)
        tail.append(UInt8(ascii: ":"))
        tail.append(tag.value, as: .datadogTagValue)
    }
}
