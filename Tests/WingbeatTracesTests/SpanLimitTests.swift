// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("How much one span may hold")
struct SpanLimitTests {
    private func tracer(_ change: (inout SpanLimits) -> Void) -> TracerUnderTest {
        var limits = SpanLimits()
        change(&limits)
        return TracerUnderTest(limits: limits)
    }

    private func record(
        with change: (inout SpanLimits) -> Void,
        _ body: (borrowing OwnedSpan) -> Void
    ) throws -> (SpanRecord, leftOut: UInt64) {
        let subject = tracer(change)
        let span = subject.tracer.begin("work")
        body(span)
        span.end()
        return (try #require(subject.spans.last), subject.tracer.totals.leftOut)
    }

    @Test("the limits are OpenTelemetry's, and values have one, too")
    func defaults() {
        let limits = SpanLimits()
        #expect([limits.attributes, limits.events, limits.links] == [128, 128, 128])
        #expect([limits.attributesPerEvent, limits.attributesPerLink] == [128, 128])
        #expect(limits.valueLength == 65_536)
    }

    @Test("attributes beyond the limit are left out and counted; known keys may still change")
    func attributes() throws {
        let (record, leftOut) = try record(with: { $0.attributes = 3 }) { span in
            for number in 0..<10 { span.set("key \(number)", number) }
            span.set("key 1", "changed")
        }
        #expect(record.attributes == [Attribute("key 0", 0), Attribute("key 1", "changed"), Attribute("key 2", 2)])
        #expect(record.dropped.attributes == 7)
        #expect(leftOut == 7)
    }

    @Test("swift-distributed-tracing's span has the same limit, and changes known keys when it is full")
    func attributesOfSpan() throws {
        let subject = tracer { $0.attributes = 3 }
        let span = subject.start("work")
        for number in 0..<10 { span.attributes["key \(number)"] = number }
        span.attributes["key 1"] = "changed"
        span.attributes["key 11"] = 11
        #expect(span.attributes.count == 3)
        span.end()
        let record = try #require(subject.spans.first)
        #expect(
            record.attributes == [Attribute("key 0", 0), Attribute("key 1", "changed"), Attribute("key 2", 2)]
        )
        #expect(record.dropped.attributes == 8)
        #expect(subject.tracer.totals.leftOut == 8)
    }

    @Test("of many attributes that are set at once the limit is kept, and all others counted")
    func attributesAtOnce() throws {
        let subject = TracerUnderTest()
        let span = subject.start("work")
        span.updateAttributes { attributes in
            for number in 0..<1000 { attributes["key \(number)"] = number }
        }
        span.end()
        let record = try #require(subject.spans.first)
        #expect(record.attributes.count == 128)
        #expect(record.dropped.attributes == 872)
    }

    @Test("events and links beyond their limits are left out and counted")
    func eventsAndLinks() throws {
        let other = try #require(remoteContext(.sampled))
        let (record, leftOut) = try record(with: { ($0.events, $0.links) = (2, 1) }) { span in
            for number in 0..<5 { span.addEvent("event \(number)") }
            for _ in 0..<4 { span.addLink(to: other) }
            span.recordError(TestError())
        }
        #expect(record.events.map(\.name) == ["event 0", "event 1"])
        #expect(record.links.count == 1)
        #expect(record.dropped.events == 4)
        #expect(record.dropped.links == 3)
        #expect(record.status == .error("the cup is empty"), "the error is not forgotten with its event")
        #expect(leftOut == 7)
    }

    @Test("attributes of events and links beyond their limits are left out and counted")
    func attributesOfEventsAndLinks() throws {
        let other = try #require(remoteContext(.sampled))
        let many = (0..<5).map { Attribute("key \($0)", .int(Int64($0))) }
        let (record, leftOut) = try record(with: { ($0.attributesPerEvent, $0.attributesPerLink) = (2, 1) }) { span in
            span.addEvent("event", many)
            span.addLink(to: other, many)
        }
        #expect(record.events.map(\.attributes) == [Array(many.prefix(2))])
        #expect(record.links.map(\.attributes) == [Array(many.prefix(1))])
        #expect(record.events.map(\.droppedAttributes) == [3])
        #expect(record.links.map(\.droppedAttributes) == [4])
        #expect(leftOut == 7)
    }

    @Test("limits of zero and below leave everything out, and end nothing", arguments: [0, -1, .min])
    func none(limit: Int) throws {
        let other = try #require(remoteContext(.sampled))
        let all = SpanLimits(all: limit)
        let (record, leftOut) = try record(with: { $0 = all }) { span in
            span.set("key", "value")
            span.addEvent("event", [Attribute("key", "value")])
            span.addLink(to: other, [Attribute("key", "value")])
        }
        #expect(record.attributes.isEmpty && record.events.isEmpty && record.links.isEmpty)
        #expect(leftOut == 3)
        let details = SpanLimits(details: limit)
        let (kept, _) = try self.record(with: { $0 = details }) { span in
            span.set("key", "value")
            span.addEvent("event", [Attribute("key", "value")])
            span.addLink(to: other, [Attribute("key", "value")])
        }
        #expect(kept.attributes == [Attribute("key", "")])
        #expect(kept.events.map(\.attributes) == [[]])
        #expect(kept.links.map(\.droppedAttributes) == [1])
    }

    @Test(
        "a long text is cut between two characters",
        arguments: [
            ("abcd", "abcd"), ("abcde", "abcd"), ("abcé", "abc"), ("abé", "abé"), ("\u{1F426}a", "\u{1F426}"),
            ("a\u{1F426}", "a"), ("€€", "€"),
        ]
    )
    func texts(text: String, cut: String) throws {
        let (record, _) = try record(with: { $0.valueLength = 4 }) { span in
            span.set("text", text)
            span.set("list", .array([.string(text), .map([Attribute("text", .string(text))])]))
            span.addEvent("event", [Attribute("text", .string(text))])
        }
        let value = AttributeValue.string(cut)
        #expect(record[attribute: "text"] == value)
        #expect(record[attribute: "list"] == .array([value, .map([Attribute("text", value)])]))
        #expect(record.events.map(\.attributes) == [[Attribute("text", value)]])
    }

    @Test("long bytes are cut")
    func bytes() throws {
        let (record, _) = try record(with: { $0.valueLength = 2 }) { span in
            span.set("long", .bytes([1, 2, 3]))
            span.set("short", .bytes([1, 2]))
        }
        #expect(record.attributes.map(\.value) == [.bytes([1, 2]), .bytes([1, 2])])
    }

    @Test("a value that is replaced by a longer one is cut, too")
    func replaced() throws {
        let (record, _) = try record(with: { $0.valueLength = 2 }) { span in
            span.set("key", "a")
            span.set("key", "abc")
        }
        #expect(record.attributes == [Attribute("key", "ab")])
    }
}

extension SpanLimits {
    fileprivate init(all limit: Int) {
        self.init()
        (attributes, events, links) = (limit, limit, limit)
    }

    fileprivate init(details limit: Int) {
        self.init()
        (attributesPerEvent, attributesPerLink, valueLength) = (limit, limit, limit)
    }
}
