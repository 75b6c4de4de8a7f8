// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("What a span says")
struct SpanContentTests {
    private let subject = TracerUnderTest()

    private func record(_ body: (WingbeatSpan) -> Void) throws -> SpanRecord {
        let span = subject.start("work")
        body(span)
        span.end()
        return try #require(subject.spans.last)
    }

    @Test("attributes keep their types and are sorted by key")
    func attributes() throws {
        let record = try record { span in
            span.attributes["text"] = "a"
            span.attributes["bool"] = true
            span.attributes["int32"] = SpanAttribute.int32(-3)
            span.attributes["int64"] = SpanAttribute.int64(.max)
            span.attributes["double"] = 0.5
            span.attributes["texts"] = SpanAttribute.stringArray(["a", "b"])
            span.attributes["ints32"] = SpanAttribute.int32Array([1])
            span.attributes["ints64"] = SpanAttribute.int64Array([2])
            span.attributes["doubles"] = SpanAttribute.doubleArray([0.5])
            span.attributes["bools"] = SpanAttribute.boolArray([true, false])
            span.attributes["error"] = SpanAttribute.stringConvertible(TestError())
            span.attributes["errors"] = SpanAttribute.stringConvertibleArray([TestError()])
        }
        #expect(
            record.attributes == [
                Attribute("bool", true), Attribute("bools", .array([true, false])), Attribute("double", 0.5),
                Attribute("doubles", .array([0.5])), Attribute("error", "the cup is empty"),
                Attribute("errors", .array(["the cup is empty"])), Attribute("int32", -3),
                Attribute("int64", .int(.max)), Attribute("ints32", .array([1])), Attribute("ints64", .array([2])),
                Attribute("text", "a"), Attribute("texts", .array(["a", "b"])),
            ]
        )
    }

    @Test("events keep their order, moments and attributes")
    func events() throws {
        let record = try record { span in
            span.addEvent(SpanEvent(name: "second", at: Moment(2), attributes: ["size": 3]))
            span.addEvent(SpanEvent(name: "first", at: Moment(1), attributes: [:]))
        }
        #expect(
            record.events == [
                SpanRecord.Event(nanoseconds: 2, name: "second", attributes: [Attribute("size", 3)]),
                SpanRecord.Event(nanoseconds: 1, name: "first"),
            ]
        )
    }

    @Test("a link to a span of a trace is kept, one to a context without a trace is not")
    func links() throws {
        let other = subject.start("other")
        let record = try record { span in
            span.addLink(SpanLink(context: other.context, attributes: ["why": "batch"]))
            span.addLink(SpanLink(context: .topLevel, attributes: [:]))
        }
        let trace = try #require(other.context.traceContext)
        var link = SpanRecord.Link(
            traceID: trace.traceID,
            spanID: trace.spanID,
            attributes: [Attribute("why", "batch")]
        )
        link.flags = 1
        #expect(record.links == [link])
    }

    @Test("an error is an event with its type and text; the status stays as it was")
    func error() throws {
        let record = try record { $0.recordError(TestError(), attributes: ["attempt": 2], at: Moment(7)) }
        let event = try #require(record.events.first)
        #expect(event.name == "exception")
        #expect(event.nanoseconds == 7)
        #expect(event.attributes.contains(Attribute("attempt", 2)))
        #expect(event.attributes.contains(Attribute("exception.message", "the cup is empty")))
        #expect(
            event.attributes.contains { $0.key == "exception.type" && $0.value.description.hasSuffix(".TestError") }
        )
        #expect(record.status == .unset)
    }

    @Test("an error status without a message has the error's text; with one, its own; the last status counts")
    func status() throws {
        let told = try record {
            $0.recordError(TestError())
            $0.setStatus(SpanStatus(code: .error))
        }
        #expect(told.status == .error("the cup is empty"))
        let own = try record {
            $0.recordError(TestError())
            $0.setStatus(SpanStatus(code: .error, message: "no tea"))
        }
        #expect(own.status == .error("no tea"))
        #expect(try record { $0.setStatus(SpanStatus(code: .error)) }.status == .error(""))
        let last = try record {
            $0.setStatus(SpanStatus(code: .error))
            $0.setStatus(SpanStatus(code: .ok))
        }
        #expect(last.status == .ok)
    }
}
