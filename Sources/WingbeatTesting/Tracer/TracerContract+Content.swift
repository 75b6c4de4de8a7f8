// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Tracing
import WingbeatModel

// What a span records.
extension TracerContract {
    func verifyErrors() async throws {
        var thrown: (any Error)?
        let failed = try await spans { thrown = fail() }
        try expect(thrown is ContractError, "withSpan to throw on the closure's error", thrown)
        try expectError(in: failed, text: "\(ContractError())")
        let cancelled = try await spans { thrown = await cancel() }
        try expect(thrown is CancellationError, "withSpan to throw on a CancellationError", thrown)
        try expectError(in: cancelled, text: "CancellationError")
    }

    /// What a withSpan throws whose closure throws.
    private func fail() -> (any Error)? {
        do {
            try tracer.withSpan("work") { _ in throw ContractError() }
            return nil
        } catch {
            return error
        }
    }

    /// What a withSpan throws whose task is cancelled.
    private func cancel() async -> (any Error)? {
        let task = Task { try await workUntilCancelled() }
        task.cancel()
        do {
            try await task.value
            return nil
        } catch {
            return error
        }
    }

    private func workUntilCancelled() async throws {
        try await tracer.withSpan("work") { _ in
            while true {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
    }

    private func expectError(in spans: [SpanRecord], text: String) throws {
        try expect(spans.count, is: 1, "the number of spans that are reported for one that failed")
        try expect(spans[0].isError, "the status of a span whose closure threw to be an error", spans[0].status)
        let values = spans[0].events.flatMap(\.attributes).map { "\($0.value)" }
        try expect(values.contains { $0.contains(text) }, "an event that tells of the error \(text)", spans[0].events)
    }

    func verifyEnd() async throws {
        let spans = try await spans {
            let span = tracer.startSpan("work", context: .topLevel)
            try expect(span.isRecording, is: true, "isRecording of a sampled span")
            span.attributes["kept"] = true
            span.end()
            try expect(span.isRecording, is: false, "isRecording of a span that has ended")
            change(span)
            span.end()
            span.end(at: ContractInstant(1))
        }
        try expect(spans.count, is: 1, "the number of spans that are reported for one that ended three times")
        let late = "of a span that was changed after its end"
        try expect(spans[0].name, is: "work", "the name \(late)")
        try expect(spans[0].attributes, is: [Attribute("kept", true)], "the attributes \(late)")
        try expect(spans[0].events, is: [], "the events \(late)")
        try expect(spans[0].links, is: [], "the links \(late)")
        try expect(spans[0].status, is: .unset, "the status \(late)")
    }

    /// Everything that can be changed.
    private func change(_ span: Subject.Span) {
        span.operationName = "late"
        span.attributes["late"] = true
        span.addEvent(SpanEvent(name: "late"))
        span.addLink(SpanLink(context: span.context, attributes: [:]))
        span.recordError(ContractError())
        span.setStatus(SpanStatus(code: .error))
    }

    func verifyAttributes() async throws {
        let record = try await span { span in
            span.attributes["text"] = "first"
            span.attributes["text"] = "second"
            span.attributes["removed"] = 1
            span.attributes["removed"] = nil
            span.attributes["integer"] = SpanAttribute.int64(.min)
            span.attributes["short"] = SpanAttribute.int32(-3)
            span.attributes["number"] = 0.5
            span.attributes["truth"] = true
            span.attributes["texts"] = SpanAttribute.stringArray(["a", "b"])
            span.attributes["integers"] = SpanAttribute.int64Array([1, 2])
            span.attributes["numbers"] = SpanAttribute.doubleArray([0.5])
            span.attributes["truths"] = SpanAttribute.boolArray([true, false])
            span.attributes["described"] = SpanAttribute.stringConvertible(ContractError())
            span.updateAttributes { $0["updated"] = "yes" }
        }
        let expected: [Attribute] = [
            Attribute("described", "the cup is empty"), Attribute("integer", .int(.min)),
            Attribute("integers", .array([1, 2])), Attribute("number", 0.5), Attribute("numbers", .array([0.5])),
            Attribute("short", -3), Attribute("text", "second"), Attribute("texts", .array(["a", "b"])),
            Attribute("truth", true), Attribute("truths", .array([true, false])), Attribute("updated", "yes"),
        ]
        try expect(record.attributes.sorted { $0.key < $1.key }, is: expected, "the attributes, sorted by key,")
    }

    func verifyEvents() async throws {
        let spans = try await spans {
            let other = tracer.startSpan("other", context: .topLevel)
            let span = tracer.startSpan("work", context: .topLevel)
            span.addEvent(SpanEvent(name: "first", at: ContractInstant(2_000), attributes: ["size": 3]))
            span.addEvent(SpanEvent(name: "second", at: ContractInstant(1_000)))
            span.addLink(SpanLink(context: other.context, attributes: ["why": "batch"]))
            span.end()
            other.end()
        }
        let work = try span(named: "work", in: spans)
        let events = [
            SpanRecord.Event(nanoseconds: 2_000, name: "first", attributes: [Attribute("size", 3)]),
            SpanRecord.Event(nanoseconds: 1_000, name: "second"),
        ]
        try expect(work.events, is: events, "the events")
        let other = try span(named: "other", in: spans)
        try expect(work.links.count, is: 1, "the number of links")
        try expect(work.links[0].traceID, is: other.traceID, "the trace to which the link leads")
        try expect(work.links[0].spanID, is: other.id, "the span to which the link leads")
        try expect(work.links[0].attributes, is: [Attribute("why", "batch")], "the attributes of the link")
    }
}
