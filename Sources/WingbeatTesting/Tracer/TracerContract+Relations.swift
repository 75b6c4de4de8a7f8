// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Tracing
import WingbeatModel

// How spans relate, and what travels with them.
extension TracerContract {
    func verifyNesting() async throws {
        try await verifyNestingOfClosures()
        try await verifyNestingOfTasks()
        try await verifyNestingByContext()
    }

    private func verifyNestingOfClosures() async throws {
        let spans = try await spans {
            tracer.withSpan("outer") { _ in
                tracer.withSpan("first") { _ in }
                tracer.withSpan("second") { _ in }
            }
            tracer.withSpan("other") { _ in }
        }
        let outer = try span(named: "outer", in: spans)
        try expect(outer.parentID, is: nil, "the parent of a span outside of any other")
        for name in ["first", "second"] {
            try expectChild(try span(named: name, in: spans), of: outer, "a span inside withSpan")
        }
        let other = try span(named: "other", in: spans)
        try expect(other.parentID, is: nil, "the parent of a span behind withSpan")
        try expect(other.traceID != outer.traceID, "a span behind withSpan to begin a new trace", other.traceID)
        try expect(Set(spans.map(\.id)).count, is: 4, "the number of different ids of four spans")
    }

    private func verifyNestingOfTasks() async throws {
        let tracer = tracer
        let spans = try await spans {
            await tracer.withSpan("outer") { _ in
                await Task.yield()
                tracer.withSpan("suspended") { _ in }
                async let child: Void = tracer.withSpan("child") { _ in }
                await child
                await Task { tracer.withSpan("task") { _ in } }.value
            }
        }
        let outer = try span(named: "outer", in: spans)
        for name in ["suspended", "child", "task"] {
            try expectChild(try span(named: name, in: spans), of: outer, "a span of an asynchronous withSpan (\(name))")
        }
    }

    private func verifyNestingByContext() async throws {
        let spans = try await spans {
            let outer = tracer.startSpan("outer", context: .topLevel)
            tracer.startSpan("inner", context: outer.context).end()
            outer.end()
            tracer.startSpan("late", context: outer.context).end()
        }
        let outer = try span(named: "outer", in: spans)
        for name in ["inner", "late"] {
            try expectChild(try span(named: name, in: spans), of: outer, "a span with another's context (\(name))")
        }
    }

    func expectChild(_ span: SpanRecord, of parent: SpanRecord, _ what: String) throws {
        try expect(span.parentID, is: parent.id, "the parent of \(what)")
        try expect(span.traceID, is: parent.traceID, "the trace of \(what)")
    }

    func verifyContext() async throws {
        let span = tracer.startSpan("outer", context: .ofContract)
        let child = tracer.startSpan("inner", context: span.context)
        defer {
            child.end()
            span.end()
        }
        let what = "a value of the application in the context"
        try expect(span.context[ContractKey.self], is: "kept", "\(what) of a span")
        try expect(child.context[ContractKey.self], is: "kept", "\(what) of a span's child")
        let current = tracer.withSpan("current", context: .ofContract) { _ in ServiceContext.current }
        try expect(current?[ContractKey.self], is: "kept", "\(what) inside withSpan")
        try expect(ServiceContext.current?[ContractKey.self], is: nil, "\(what) behind withSpan")
    }

    func verifyUnsampled() async throws {
        guard let unsampled else { return }
        var headers: [String: String] = [:]
        let spans = try await spans {
            try unsampled.withSpan("dropped", context: .ofContract) { span in
                let what = "a value of the application in the context inside withSpan of an unsampled span"
                try expect(ServiceContext.current?[ContractKey.self], is: "kept", what)
                try expect(span.isRecording, is: false, "isRecording of an unsampled span")
                span.attributes["key"] = "value"
                span.addEvent(SpanEvent(name: "event"))
                span.recordError(ContractError())
            }
            let incoming = tracer.startSpan("incoming", context: .topLevel)
            let dropped = unsampled.startSpan("dropped", context: incoming.context)
            headers = self.headers(of: dropped.context)
            dropped.end()
            incoming.end()
        }
        try expect(
            spans.map(\.name),
            is: ["incoming"],
            "the names of reported spans, of which only this one is sampled"
        )
        let trace = spans[0].traceID.hex
        let isThere = headers.values.contains { $0.lowercased().contains(trace) }
        try expect(isThere, "headers of an unsampled span to carry the trace \(trace)", headers)
    }
}
