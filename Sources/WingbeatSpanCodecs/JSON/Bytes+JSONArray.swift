// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Lists in JSON.
extension [UInt8] {
    /// A list, each element written by the body; `[]` where there are none.
    package mutating func append<Item>(
        jsonArray elements: some Sequence<Item>,
        _ body: (inout [UInt8], Item) -> Void
    ) {
        append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            body(&self, element)
        }
        append(UInt8(ascii: "]"))
    }
}
