// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
package import WingbeatModel

/// A trace as lines of text: a tree of its spans, each with a bar that shows when it worked.
package struct Waterfall {
    private struct Row {
        let depth: Int
        let label: String
        let span: SpanRecord?
    }

    private static let deepestIndent = 24
    private let spans: [SpanRecord]
    private let rows: [Row]
    private let start: UInt64
    private let end: UInt64

    /// A trace, all its spans given; fragments are put together.
    package init(_ spans: [SpanRecord]) {
        let unique = UniqueSpans.of(spans)
        self.spans = unique
        rows = Self.rows(of: unique)
        let timed = unique.filter { $0.startNanoseconds > 0 }
        start = timed.map(\.startNanoseconds).min() ?? 0
        end = max(timed.map(\.endNanoseconds).max() ?? 0, start)
    }

    /// The lines, each at most so many columns wide, the first of which says what the trace is.
    ///
    /// - Parameter width: at least 40 is used.
    package func lines(width: Int, isColored: Bool = false) -> [String] {
        let width = max(width, 40)
        let durations = rows.map { $0.span.map { TimeLabel.duration($0.durationNanoseconds) } ?? "" }
        let durationWidth = durations.map(TerminalText.width).max() ?? 0
        let labels = rows.map { String(repeating: "  ", count: min($0.depth, Self.deepestIndent)) + $0.label }
        let labelWidth = min(labels.map(TerminalText.width).max() ?? 0, max((width - durationWidth) / 2, 20))
        let barWidth = max(width - labelWidth - durationWidth - 4, 8)
        var lines = [TerminalStyle.bold(TerminalText.cut(heading, to: width), isColored: isColored)]
        for (index, row) in rows.enumerated() {
            guard let span = row.span else {
                lines.append(TerminalStyle.dim(TerminalText.cut(labels[index], to: width), isColored: isColored))
                continue
            }
            let label = TerminalText.fitted(labels[index], to: labelWidth)
            let duration = TerminalText.fitted(durations[index], to: durationWidth, isRight: true)
            let line = "\(label) |\(bar(of: span, width: barWidth))| \(duration)"
            lines.append(span.isError ? TerminalStyle.red(line, isColored: isColored) : line)
        }
        return lines + notes.map { TerminalStyle.dim(TerminalText.cut($0, to: width), isColored: isColored) }
    }

    private var heading: String {
        guard let id = spans.first?.traceID else { return "no spans" }
        let services = Set(spans.compactMap(\.serviceName)).count
        let errors = spans.count { $0.isError }
        let parts = [
            "trace \(id)", TimeLabel.time(start), TimeLabel.duration(end - start), counted(spans.count, "span"),
            counted(services, "service"),
        ]
        return (parts + (errors > 0 ? [counted(errors, "error")] : [])).joined(separator: "  ")
    }

    private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// What is missing of the trace.
    private var notes: [String] {
        let missing = spans.compactMap { span -> Int64? in
            guard case .int(let count) = span[attribute: SpanIntake.droppedSpansKey] else { return nil }
            return count
        }
        guard let most = missing.max() else { return [] }
        return ["\(most) spans of this trace were not stored: it has more than the collector keeps of one"]
    }

    private func bar(of span: SpanRecord, width: Int) -> String {
        guard span.startNanoseconds > 0 else { return TerminalText.fitted("start unknown", to: width) }
        let first = column(of: span.startNanoseconds, width)
        let last = max(column(of: span.endNanoseconds, width), first)
        return String(repeating: " ", count: first) + String(repeating: "=", count: last - first + 1)
            + String(repeating: " ", count: width - last - 1)
    }

    private func column(of time: UInt64, _ width: Int) -> Int {
        guard end > start else { return 0 }
        let share = Double(min(max(time, start), end) - start) / Double(end - start)
        return min(Int(share * Double(width)), width - 1)
    }

    /// The spans in the order of a walk through the tree; those whose parent is not there after a line that says so, and
    /// those that stand in a circle at the end.
    private static func rows(of spans: [SpanRecord]) -> [Row] {
        let ids = Set(spans.map(\.id))
        var children: [SpanID: [SpanRecord]] = [:]
        for span in spans where span.parentID != nil {
            if let parent = span.parentID { children[parent, default: []].append(span) }
        }
        var seen: Set<SpanID> = []
        var rows: [Row] = []
        func walk(from top: [SpanRecord], depth: Int) {
            var stack = top.reversed().map { ($0, depth) }
            while let (span, depth) = stack.popLast() {
                guard seen.insert(span.id).inserted else { continue }
                rows.append(Row(depth: depth, label: label(of: span), span: span))
                stack += (children[span.id] ?? []).reversed().map { ($0, depth + 1) }
            }
        }
        walk(from: spans.filter { $0.parentID == nil }, depth: 0)
        for parent in missingParents(of: spans, ids) {
            rows.append(Row(depth: 0, label: "(span \(parent) is missing)", span: nil))
            walk(from: children[parent] ?? [], depth: 1)
        }
        walk(from: spans, depth: 0)
        return rows
    }

    private static func missingParents(of spans: [SpanRecord], _ ids: Set<SpanID>) -> [SpanID] {
        var missing: [SpanID] = []
        for parent in spans.compactMap(\.parentID) where !ids.contains(parent) && !missing.contains(parent) {
            missing.append(parent)
        }
        return missing
    }

    private static func label(of span: SpanRecord) -> String {
        let service = span.serviceName.map { $0 + ": " } ?? ""
        let name = span.name.isEmpty ? span.id.hex : span.name
        return (span.isError ? "! " : "") + TerminalText.escaped(service + name)
    }
}
