// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// Which spans of a block may meet a criterion, as far as the values of the block tell: all that do meet it, and some that
/// do not, since a value may count for less than it seems to (of two tags with one key the later wins).
struct BlockCandidates {
    private let table: BlockTable
    /// For each value whether a span that has it may meet the criterion.
    private var values: [Bool]
    private var ok = false
    private var error = false
    /// True where values say nothing.
    private var all = false

    /// True when there are none.
    let isEmpty: Bool

    init(_ criterion: SpanCriterion, _ table: BlockTable) throws(SpanBlob.Damaged) {
        var values = Array(repeating: false, count: table.columns.last?.values.upperBound ?? 0)
        for column in table.columns {
            guard let test = Test(criterion, column) else { continue }
            for value in column.values { values[value] = try test.isMet(by: value, of: column, table) }
        }
        self.table = table
        self.values = values
        switch criterion {
        case .anything, .duration: all = true
        case .tag("otel.status_code", let value): (ok, error) = (value == "OK", value == "ERROR")
        case .word("otel.status_code"): (ok, error) = (true, true)
        default: break
        }
        isEmpty = !all && !ok && !error && !values.contains(true)
    }

    /// True when a span of the shape, with these values, may meet the criterion.
    func contain(_ shape: BlockShape, _ numbers: [Int]) -> Bool {
        if all || ok && shape.bits.contains(.isOK) || error && shape.bits.contains(.isError) { return true }
        return numbers.contains { values[$0] }
    }
}

/// What a criterion asks of the values of a column.
private struct Test {
    private enum Wanted {
        case anyValue
        case foldedText(String)
        case text(String)
        case annotation(String)
        case remoteService(String)
        case resourceTag(key: String, value: String?)
    }

    private let wanted: Wanted

    /// Nil where no value of the column can help.
    init?(_ criterion: SpanCriterion, _ column: BlockTable.Column) {
        let wanted: Wanted? =
            switch criterion {
            case .anything, .duration: nil
            case .name(let name): column.role == .name ? .foldedText(name) : nil
            case .remoteService(let name): Self.remote(name, column)
            case .word(let word): column.role == .event ? .annotation(word) : Self.tag(word, nil, column)
            case .tag(let key, let value): Self.tag(key, value, column)
            }
        guard let wanted else { return nil }
        self.wanted = wanted
    }

    private static func remote(_ name: String, _ column: BlockTable.Column) -> Wanted? {
        if column.role == .remoteEndpoint { return .remoteService(name) }
        return column.role.isAttribute && PeerKey.rank(of: column.key) != nil ? .foldedText(name) : nil
    }

    private static func tag(_ key: String, _ value: String?, _ column: BlockTable.Column) -> Wanted? {
        switch column.role {
        case .text, .int, .value:
            column.key.hasSameBytes(as: key) ? value.map { .text($0) } ?? .anyValue : nil
        case .message: key == "error" ? value.map { .text($0) } ?? .anyValue : nil
        case .resource: .resourceTag(key: key, value: value)
        // What has few values is looked at in the span.
        case .scope: key.hasPrefix("otel.scope.") ? .anyValue : nil
        case .details: key.hasPrefix("otel.dropped_") ? .anyValue : nil
        default: nil
        }
    }

    func isMet(
        by value: Int,
        of column: BlockTable.Column,
        _ table: BlockTable
    ) throws(SpanBlob.Damaged) -> Bool {
        switch wanted {
        case .anyValue: return true
        case .foldedText(let text):
            return try table.shownText(of: value, column.role).lowercased().hasSameBytes(as: text)
        case .text(let text): return try table.shows(text, value, column.role)
        default: break
        }
        var reader = try table.reader(of: value)
        switch wanted {
        case .annotation(let text): return ZipkinSpan.annotationText(of: try reader.event()).hasSameBytes(as: text)
        case .remoteService(let name):
            return try reader.endpoint().serviceName?.lowercased().hasSameBytes(as: name) == true
        case .resourceTag(let key, let value):
            return try reader.resource().attributes.contains { $0.key.hasSameBytes(as: key) && $0.value.shows(value) }
        default: return true
        }
    }
}

extension BlockTable {
    /// A value as Zipkin shows it.
    fileprivate func shownText(of value: Int, _ role: ColumnRole) throws(SpanBlob.Damaged) -> String {
        role == .int || role == .value ? try attributeValue(value, role).description : text(of: value)
    }

    /// True when Zipkin shows the value as this text.
    fileprivate func shows(_ text: String, _ value: Int, _ role: ColumnRole) throws(SpanBlob.Damaged) -> Bool {
        guard role != .int, role != .value else { return try attributeValue(value, role).shows(text) }
        let place = place(of: value)
        return place.count == text.utf8.count && bytes[place].elementsEqual(text.utf8)
    }
}

extension AttributeValue {
    fileprivate func shows(_ text: String?) -> Bool { text.map { isShown(as: $0) } ?? true }
}
