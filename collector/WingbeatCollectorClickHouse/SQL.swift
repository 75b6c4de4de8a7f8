// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

/// Pieces of ClickHouse's SQL.
enum SQL {
    /// A text as a literal: nothing in it ends the literal.
    static func text(_ text: String) -> String { quoted(text, "'") }

    /// The name of a table or a database, whatever characters it has.
    static func name(_ name: String) -> String { quoted(name, "`") }

    private static func quoted(_ text: String, _ quote: Unicode.Scalar) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(quote)
        for scalar in text.unicodeScalars {
            if scalar == "\\" || scalar == quote { scalars.append("\\") }
            scalars.append(scalar)
        }
        scalars.append(quote)
        return String(scalars)
    }
}

/// The part of a search that the server does: it finds what may match, and the spans themselves decide.
struct SearchStatement {
    let query: TraceQuery
    let isStrict: Bool
    let address: ClickHouseAddress
    let abilities: ServerAbilities

    /// How far, in microseconds, a span may lie outside the window in which its trace began: an hour.
    static let slack: Int64 = 3_600_000_000

    /// Traces with the earliest start of their spans that match, the newest first.
    func page(offset: Int, limit: Int) -> String {
        let criteria = query.criteria.map(condition)
        let any = criteria.isEmpty ? "" : " AND (\(criteria.joined(separator: " OR ")))"
        let each = criteria.map { "sum(\($0)) > 0" }.joined(separator: " AND ")
        let key = isStrict ? "TraceId" : "substring(TraceId, 17)"
        return """
            SELECT \(key) AS id, intDiv(min(\(start)), 1000) AS first FROM \(Schema.all(.traces, in: address)) \
            WHERE \(window)\(service)\(any) GROUP BY id\(each.isEmpty ? "" : " HAVING \(each)") \
            ORDER BY first DESC, id LIMIT \(offset), \(limit) FORMAT RowBinary
            """
    }

    private var start: String { abilities.isModern ? "toUnixTimestamp64Nano(Timestamp)" : "Timestamp" }

    private var window: String {
        let low = max(query.window.lowerBound - Self.slack, 0)
        let (high, overflow) = query.window.upperBound.addingReportingOverflow(Self.slack)
        let range = (nanoseconds(low), nanoseconds(overflow ? .max : high))
        guard abilities.isModern else { return "Timestamp BETWEEN \(range.0) AND \(range.1)" }
        return "Timestamp BETWEEN fromUnixTimestamp64Nano(\(range.0)) AND fromUnixTimestamp64Nano(\(range.1))"
    }

    private func nanoseconds(_ microseconds: Int64) -> String {
        let (product, overflow) = microseconds.multipliedReportingOverflow(by: 1000)
        return "toInt64(\(overflow ? .max : product))"
    }

    private var service: String {
        query.serviceName.map { " AND ServiceName IN (\(spellings(of: $0, .service)))" } ?? ""
    }

    /// The names as they were written, of which the tables are sorted by.
    private func spellings(of name: String, _ kind: NameKind) -> String {
        """
        SELECT Spelling FROM \(Schema.local(.names, in: address)) \
        WHERE Kind = \(kind.rawValue) AND Name = \(SQL.text(name))
        """
    }

    private func condition(_ criterion: SpanCriterion) -> String {
        switch criterion {
        case .anything: "1"
        case .name(let name): "(SpanName IN (\(spellings(of: name, .span))))"
        case .remoteService(let name): "(WingbeatRemoteService = \(SQL.text(name)))"
        case .duration(let range): duration(range)
        case .word(let word): "has(WingbeatWords, \(SQL.text(word)))"
        case .tag(let key, let value): "has(WingbeatWords, \(SQL.text("\(key)=\(value)")))"
        }
    }

    /// Microseconds are rounded, so half of one more on both sides may match.
    private func duration(_ range: ClosedRange<UInt64>) -> String {
        let low = range.lowerBound <= 1 ? 1 : Self.times1000(range.lowerBound) - 500
        let high = Self.times1000(range.upperBound)
        return "(Duration BETWEEN \(low) AND \(high > .max - 500 ? .max : high + 500))"
    }

    private static func times1000(_ number: UInt64) -> UInt64 {
        let (product, overflow) = number.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : product
    }
}

/// What a name in `wingbeat_names` is of.
enum NameKind: UInt8 {
    /// A service.
    case service = 0
    /// A service's spans.
    case span = 1
    /// Another side of a service's calls.
    case remoteService = 2
    /// A tag's value; the tag stands in the place of the service.
    case tagValue = 3
}
