// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

extension LogLine {
    /// Appends a trace id in Zipkin's normal form: sixteen digits where the high half is zero, else thirty-two.
    mutating func append(_ id: TraceID) {
        if id.high != 0 { append(hex: id.high) }
        append(hex: id.low)
    }

    /// Appends `File.swift:42`.
    mutating func append(caller record: borrowing LogRecord) {
        let name = record.file.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? "?"
        append(unescaped: name)
        append(UInt8(ascii: ":"))
        append(decimal: UInt64(record.line))
    }

    /// Appends a number that has no digits, as Go spells it.
    mutating func append(notFinite number: Double) {
        append(number.isNaN ? "NaN" : number < 0 ? "-Inf" : "+Inf")
    }
}
