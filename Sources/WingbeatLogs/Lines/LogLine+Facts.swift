// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging
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

extension Logger.Level {
    /// The name as swift-log spells it.
    @inline(__always)
    var literal: StaticString {
        switch self {
        case .trace: "trace"
        case .debug: "debug"
        case .info: "info"
        case .notice: "notice"
        case .warning: "warning"
        case .error: "error"
        case .critical: "critical"
        }
    }

    /// Zero for trace, and one more for each level above.
    @inlinable
    var rank: UInt8 {
        switch self {
        case .trace: 0
        case .debug: 1
        case .info: 2
        case .notice: 3
        case .warning: 4
        case .error: 5
        case .critical: 6
        }
    }

    /// Nil beyond ``Logging/Logger/Level/critical``.
    init?(rank: UInt8) {
        guard let level = Self.allCases.first(where: { $0.rank == rank }) else { return nil }
        self = level
    }
}
