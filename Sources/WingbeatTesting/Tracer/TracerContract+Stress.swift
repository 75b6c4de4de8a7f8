// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Tracing
import WingbeatModel

// What a span withstands.
extension TracerContract {
    func verifyMisuse() async throws {
        let spans = try await spans {
            for name in ["", "\0\n\u{FEFF}", String(repeating: "name", count: 25_000)] {
                let span = tracer.startSpan(name, context: .topLevel, ofKind: .client)
                misuse(span)
                span.end()
            }
            for (start, end) in [(UInt64.max, 0), (0, UInt64.max), (0, 0), (.max, .max)] as [(UInt64, UInt64)] {
                let span = tracer.startSpan("odd", context: .topLevel, at: ContractInstant(start))
                span.end(at: ContractInstant(end))
            }
        }
        try expect(spans.count, is: 7, "the number of spans that are reported of seven odd ones")
        try expect(spans[0][attribute: "behind"], is: "it", "an attribute that is set behind odd ones")
    }

    private func misuse(_ span: Subject.Span) {
        span.attributes[""] = ""
        span.attributes["\0\n\u{1F426}"] = "\0\n\u{1F426}"
        span.attributes["not a number"] = Double.nan
        span.attributes["infinite"] = [Double.infinity, -Double.infinity, -0.0]
        span.attributes["empty"] = [String]()
        span.addEvent(SpanEvent(name: "", at: ContractInstant(.max), attributes: ["": .double(.nan)]))
        span.addLink(SpanLink(context: .topLevel, attributes: [:]))
        span.addLink(SpanLink(context: span.context, attributes: [:]))
        span.recordError(ContractError(), attributes: ["exception.message": "mine"], at: ContractInstant(0))
        span.setStatus(SpanStatus(code: .ok, message: "a message that nobody needs"))
        span.attributes["behind"] = "it"
    }

    func verifyBounds() async throws {
        let count = 2_000
        let length = 10_000_000
        let record = try await span { span in
            let link = SpanLink(context: span.context, attributes: [:])
            for number in 0..<count {
                span.attributes["key \(number)"] = number
                span.addEvent(SpanEvent(name: "event", at: ContractInstant(1)))
                span.addLink(link)
            }
            span.attributes["key 0"] = String(repeating: "x", count: length)
        }
        try expectBound(record.attributes.count, record.dropped.attributes, of: count, "attributes")
        try expectBound(record.events.count, record.dropped.events, of: count, "events")
        try expectBound(record.links.count, record.dropped.links, of: count, "links")
        let longest = record.attributes.map { $0.value.description.utf8.count }.max() ?? 0
        try expect(longest < length, "a text of \(length) bytes to be cut", "\(longest) bytes")
    }

    private func expectBound(_ kept: Int, _ dropped: UInt32, of count: Int, _ what: String) throws {
        try expect(kept < count, "a limit below \(count) \(what)", kept)
        try expect(kept + Int(dropped), is: count, "the \(what) that were kept and those that were left out, together,")
    }

    func verifyConcurrency() async throws {
        try await verifyOneSpan()
        try await verifyManySpans()
    }

    private func verifyOneSpan() async throws {
        let record = try await span { span in
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        for step in 0..<100 { span.attributes["task \(task) \(step % 5)"] = step }
                        span.addEvent(SpanEvent(name: "task \(task)"))
                    }
                }
            }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { span.end() } }
            }
        }
        for task in 0..<8 {
            for key in 0..<5 {
                let name = "task \(task) \(key)"
                let what = "attribute `\(name)`, which one of eight tasks set last,"
                try expect(record[attribute: name], is: .int(Int64(95 + key)), what)
            }
        }
        let events = Set(record.events.map(\.name))
        try expect(events.count, is: 8, "the number of events that eight tasks added")
    }

    private func verifyManySpans() async throws {
        let tracer = tracer
        let spans = try await spans {
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        for _ in 0..<100 {
                            tracer.withSpan("outer \(task)") { _ in tracer.withSpan("inner \(task)") { _ in } }
                        }
                    }
                }
            }
        }
        try expect(spans.count, is: 1600, "the number of spans of eight tasks")
        try expect(Set(spans.map(\.id)).count, is: 1600, "the number of different ids of 1600 spans")
        let outer = Dictionary(spans.filter { $0.parentID == nil }.map { ($0.id, $0) }) { first, _ in first }
        try expect(outer.count, is: 800, "the number of spans without a parent")
        for inner in spans {
            guard let parentID = inner.parentID else { continue }
            let expected = inner.name.replacing("inner", with: "outer")
            try expect(outer[parentID]?.name, is: expected, "the parent of `\(inner.name)`")
        }
    }
}
