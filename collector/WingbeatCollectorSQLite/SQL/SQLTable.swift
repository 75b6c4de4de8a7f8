// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// A table over spans: so many rows for each span, and what a row has in each column.
struct SQLTable: Sendable {
    struct Column: Sendable {
        let name: String
        /// SQLite's type.
        let type: String
        /// The value of a row, given its span and its place among the span's rows.
        let value: @Sendable (_ span: SpanRecord, _ row: Int) -> SQLValue

        init(_ name: String, _ type: String, _ value: @escaping @Sendable (SpanRecord, Int) -> SQLValue) {
            self.name = name
            self.type = type
            self.value = value
        }
    }

    let name: String
    let columns: [Column]
    let rowCount: @Sendable (SpanRecord) -> Int

    /// What every table begins with, and what bounds a scan.
    enum Common: Int {
        case traceID = 0
        case spanID
        case service
        case start
    }

    /// A table that begins with the common columns.
    init(_ name: String, _ columns: [Column], rowCount: @escaping @Sendable (SpanRecord) -> Int) {
        self.name = name
        self.columns = Self.common + columns
        self.rowCount = rowCount
    }

    /// The statement that says to SQLite what the columns are.
    var declaration: String {
        "CREATE TABLE \(name) (\(columns.map { "\"\($0.name)\" \($0.type)" }.joined(separator: ", ")))"
    }

    private static let common = [
        Column("trace_id", "TEXT") { span, _ in .text(span.traceID.hex) },
        Column("span_id", "TEXT") { span, _ in .text(span.id.hex) },
        Column("service", "TEXT") { span, _ in .optional(span.serviceName) },
        Column("start", "INTEGER") { span, _ in .time(span.startNanoseconds) },
    ]
}

extension SQLValue {
    static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }

    /// A text that is unknown when it is empty.
    static func filled(_ text: String) -> SQLValue { text.isEmpty ? .null : .text(text) }

    static func count(_ number: some BinaryInteger) -> SQLValue { .integer(Int64(clamping: number)) }

    /// Nanoseconds since 1970, where zero is unknown; the largest number where they lie beyond.
    static func time(_ nanoseconds: UInt64) -> SQLValue { nanoseconds == 0 ? .null : .count(nanoseconds) }

    static func json(_ attributes: [Attribute]) -> SQLValue { .text(AttributeValue.map(attributes).description) }

    /// Numbers as numbers; what SQL has no word for as Zipkin's tags show it.
    init(_ value: AttributeValue) {
        switch value {
        case .empty: self = .null
        case .bool(let value): self = .integer(value ? 1 : 0)
        case .int(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        default: self = .text(value.description)
        }
    }
}
