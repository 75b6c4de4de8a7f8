// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

/// Members of JSON objects as OTLP writes them: those with a default value are left out.
extension [UInt8] {
    mutating func append<Item>(
        list name: StaticString,
        of elements: [Item],
        _ body: (inout [UInt8], Item) -> Void
    ) {
        guard !elements.isEmpty else { return }
        append(member: name)
        append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            append(literal: index == 0 ? "{" : ",{")
            body(&self, element)
            append(UInt8(ascii: "}"))
        }
        append(UInt8(ascii: "]"))
    }

    mutating func append(object name: StaticString, _ body: (inout [UInt8]) -> Void) {
        append(member: name)
        append(UInt8(ascii: "{"))
        body(&self)
        append(UInt8(ascii: "}"))
    }

    mutating func append(field name: StaticString, text: String) {
        guard !text.isEmpty else { return }
        append(member: name)
        append(jsonString: text)
    }

    mutating func append(field name: StaticString, number: UInt32) {
        guard number > 0 else { return }
        append(member: name)
        append(decimal: number)
    }

    mutating func append(field name: StaticString, quotedUnlessZero number: some BinaryInteger) {
        guard number != 0 else { return }
        append(member: name)
        append(quoted: number)
    }

    mutating func append(field name: StaticString, hex value: UInt64) {
        append(member: name)
        append(UInt8(ascii: "\""))
        append(hex: value)
        append(UInt8(ascii: "\""))
    }

    package mutating func append(quoted number: some BinaryInteger) {
        append(UInt8(ascii: "\""))
        append(decimal: number)
        append(UInt8(ascii: "\""))
    }

    /// A name, with a comma before it where a member precedes.
    package mutating func append(member name: StaticString) {
        if last != UInt8(ascii: "{") { append(UInt8(ascii: ",")) }
        append(UInt8(ascii: "\""))
        append(literal: name)
        append(literal: "\":")
    }
}
