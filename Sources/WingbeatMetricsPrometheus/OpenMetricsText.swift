// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatMetrics
import WingbeatModel

/// What only OpenMetrics has.
extension [UInt8] {
    /// Appends ` # {trace_id="…",span_id="…"} value timestamp`, with the time in seconds.
    mutating func append(exemplar: Exemplar) {
        append(literal: " # {trace_id=\"")
        append(hex: exemplar.traceID.high)
        append(hex: exemplar.traceID.low)
        append(literal: "\",span_id=\"")
        append(hex: exemplar.spanID.value)
        append(literal: "\"} ")
        append(double: exemplar.value)
        append(UInt8(ascii: " "))
        append(decimal: exemplar.unixNanoseconds / 1_000_000_000)
        append(UInt8(ascii: "."))
        append(decimal: exemplar.unixNanoseconds % 1_000_000_000, width: 9)
    }

    /// Appends a bucket's bound as Go writes a floating-point number, with `.0` after a whole one: `1.0`, `1e+06`.
    ///
    /// Bounds are compared as text, so all exporters should write them alike. Source: OpenMetrics 1.0, "Considerations:
    /// Canonical Numbers".
    mutating func append(canonical bound: Double) {
        guard bound.isFinite else { return append(double: bound) }
        let text = bound.magnitude.description
        guard bound.magnitude >= 1e6, !text.utf8.contains(UInt8(ascii: "e")) else {
            return append(text: bound.description)
        }
        let point = text.firstIndex(of: ".") ?? text.endIndex
        var digits = text.utf8.filter { $0 != UInt8(ascii: ".") }[...]
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        if bound < 0 { append(UInt8(ascii: "-")) }
        append(contentsOf: digits.prefix(1))
        if digits.count > 1 { append(UInt8(ascii: ".")) }
        append(contentsOf: digits.dropFirst())
        append(literal: "e+")
        append(decimal: UInt64(text.utf8.distance(from: text.startIndex, to: point) - 1), width: 2)
    }
}
