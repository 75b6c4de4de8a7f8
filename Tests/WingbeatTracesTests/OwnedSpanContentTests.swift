// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("What an owned span says")
struct OwnedSpanContentTests {
    private let subject = TracerUnderTest()

    private func record(_ body: (borrowing OwnedSpan) -> Void) throws -> SpanRecord {
        let span = subject.tracer.begin("work")
        body(span)
        span.end()
        return try #require(subject.spans.last)
    }

    @Test("attributes keep their types and their order")
    func attributes() throws {
        let record = try record { span in
            span.set("text", "a")
            span.set("whole", Int.min)
            span.set("number", -0.5)
            span.set("truth", false)
            span.set("bytes", .bytes([0, 255]))
            span.set("list", .array([1, "b"]))
            span.set("map", .map([Attribute("c", true)]))
            span.set("", "")
        }
        #expect(
            record.attributes == [
                Attribute("text", "a"), Attribute("whole", .int(.min)), Attribute("number", -0.5),
                Attribute("truth", false), Attribute("bytes", .bytes([0, 255])), Attribute("list", .array([1, "b"])),
                Attribute("map", .map([Attribute("c", true)])), Attribute("", ""),
            ]
        )
    }

    @Test("of two values with one key the later counts, and stays where the first was")
    func replace() throws {
        let record = try record { span in
            span.set("a", 1)
            span.set("b", 2)
            span.set("a", "three")
            span.set("a", true)
        }
        #expect(record.attributes == [Attribute("a", true), Attribute("b", 2)])
        #expect(record.dropped == SpanRecord.Dropped())
    }

    @Test("keys of one length, and of lengths that are 64 apart, are told apart")
    func keyLengths() throws {
        let long = String(repeating: "k", count: 67)
        let record = try record { span in
            for key in ["abc", "abd", long, "é1", "abc"] { span.set(key, key) }
            span.set("abd", "again")
        }
        #expect(record.attributes.map(\.key) == ["abc", "abd", long, "é1"])
        #expect(record[attribute: "abd"] == "again")
    }

    @Test("a hundred attributes are kept, and found by their keys again")
    func many() throws {
        let record = try record { span in
            for number in 0..<100 { span.set("key \(number)", number) }
            for number in 0..<100 { span.set("key \(number)", number + 1) }
        }
        #expect(record.attributes == (0..<100).map { Attribute("key \($0)", .int(Int64($0 + 1))) })
    }

    @Test("events and links are kept in their order, with attributes, and links with what is known of the other span")
    func eventsAndLinks() throws {
        var other = try #require(remoteContext(.sampled))
        other.traceState = "vendor=1"
        let unsampled = try #require(remoteContext(.notSampled))
        let record = try record { span in
            span.addEvent("first", [Attribute("size", 3)])
            span.addEvent("second")
            span.addLink(to: other, [Attribute("why", "batch")])
            span.addLink(to: unsampled)
        }
        #expect(record.events.map(\.name) == ["first", "second"])
        #expect(record.events.map(\.attributes) == [[Attribute("size", 3)], []])
        #expect(record.events.allSatisfy { $0.nanoseconds >= record.startNanoseconds })
        #expect(record.events[0].nanoseconds <= record.events[1].nanoseconds)
        var link = SpanRecord.Link(
            traceID: other.traceID,
            spanID: other.spanID,
            attributes: [Attribute("why", "batch")]
        )
        (link.traceState, link.flags) = ("vendor=1", 1)
        #expect(record.links == [link, SpanRecord.Link(traceID: unsampled.traceID, spanID: unsampled.spanID)])
    }

    @Test("an error is an event with its type and text, and the status says so")
    func error() throws {
        let record = try record { $0.recordError(TestError()) }
        let event = try #require(record.events.first)
        #expect(event.name == "exception")
        #expect(event.attributes.map(\.key) == ["exception.message", "exception.type"])
        #expect(event.attributes[0].value == "the cup is empty")
        #expect(event.attributes[1].value.description.hasSuffix(".TestError"))
        #expect(record.status == .error("the cup is empty"))
    }

    @Test("the last name and the last status count")
    func nameAndStatus() throws {
        let record = try record { span in
            span.rename("first")
            span.rename("second")
            span.setStatus(.error("no"))
            span.setStatus(.ok)
        }
        #expect(record.name == "second")
        #expect(record.status == .ok)
    }
}
