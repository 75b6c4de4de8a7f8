// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Tracing
import WingbeatModel

@testable import WingbeatTraces

@Suite("Attributes of a span that several change")
struct SpanAttributeTests {
    private let subject = TracerUnderTest()

    /// Does something while the attributes are being changed.
    private func change(_ attributes: inout SpanAttributes, _ key: String, _ value: Int, meanwhile body: () -> Void) {
        attributes[key] = value
        body()
    }

    @Test("one after the other keeps the earlier ones, whichever way they are set")
    func inPlace() {
        let span = subject.start("work")
        span.attributes["a"] = 1
        span.attributes["b"] = 2
        span.attributes.set("c", value: .int64(3))
        span.attributes.merge(["d": 4])
        span.updateAttributes { $0["e"] = 5 }
        span.attributes["a"] = nil
        #expect(span.attributes.count == 4)
        span.attributes = ["f": 6]
        span.attributes["g"] = 7
        span.end()
        #expect(subject.spans.map(\.attributes) == [[Attribute("f", 6), Attribute("g", 7)]])
    }

    @Test("a change during another's keeps both, and of the keys that were there before the new values")
    func twoAtOnce() {
        let span = subject.start("work")
        span.attributes["old"] = 1
        span.attributes["both"] = 1
        change(&span.attributes, "outer", 2) {
            span.attributes["inner"] = 3
            span.attributes["old"] = 4
        }
        #expect(span.attributes.count == 4)
        span.end()
        let expected = [Attribute("both", 1), Attribute("inner", 3), Attribute("old", 4), Attribute("outer", 2)]
        #expect(subject.spans.map(\.attributes) == [expected])
    }

    @Test("changes inside of changes inside of changes, too")
    func threeAtOnce() {
        let span = subject.start("work")
        for key in ["a", "b", "c"] { span.attributes[key] = 1 }
        change(&span.attributes, "outer", 2) {
            span.attributes["a"] = 3
            change(&span.attributes, "middle", 4) {
                span.attributes["b"] = 5
                span.attributes["c"] = 6
            }
            span.attributes["b"] = 7
        }
        span.end()
        let expected = ["a": 3, "b": 7, "c": 6, "middle": 4, "outer": 2].map { Attribute($0, .int($1)) }
        #expect(subject.spans.map(\.attributes) == [expected.sorted { $0.key < $1.key }])
    }

    @Test("eight threads, each with its own keys, find their last values")
    func threads() throws {
        let span = subject.start("work")
        onThreads(8) { thread in
            for step in 0..<2_000 { span.attributes["thread \(thread) \(step % 4)"] = step }
        }
        span.end()
        let record = try #require(subject.spans.first)
        #expect(record.attributes.count == 32)
        for thread in 0..<8 {
            for key in 0..<4 { #expect(record[attribute: "thread \(thread) \(key)"] == .int(Int64(1996 + key))) }
        }
    }

    @Test("a span that ends during a change is reported once, when the change is made, and with it")
    func endMeanwhile() {
        let span = subject.start("work", at: Moment(1_000))
        span.attributes["before"] = 1
        change(&span.attributes, "changing", 2) {
            span.end(at: Moment(1_300))
            span.end(at: Moment(1_400))
            #expect(subject.spans.isEmpty)
        }
        #expect(subject.spans.map(\.attributes) == [[Attribute("before", 1), Attribute("changing", 2)]])
        #expect(subject.spans.map(\.durationNanoseconds) == [300])
        span.end()
        #expect(subject.spans.count == 1)
        #expect(span.operationName == "work")
        #expect(!span.isRecording)
    }

    @Test("what is set after an end is ignored, though a change that began before is still being made")
    func lateMeanwhile() {
        let span = subject.start("work")
        change(&span.attributes, "changing", 2) {
            span.end()
            #expect(!span.isRecording)
            span.operationName = "late"
            span.attributes["late"] = 3
            span.setStatus(SpanStatus(code: .error))
            span.addEvent("late")
        }
        #expect(subject.spans.map(\.name) == ["work"])
        #expect(subject.spans.map(\.attributes) == [[Attribute("changing", 2)]])
        #expect(subject.spans.map(\.status) == [.unset])
        #expect(subject.spans.map(\.events) == [[]])
    }

    @Test("128 keys and no more, however many threads set them; known ones change to the last")
    func full() throws {
        let span = subject.start("work")
        for number in 0..<128 { span.attributes["key \(number)"] = 0 }
        onThreads(8) { thread in
            for step in 0..<100 {
                span.attributes["key \(thread)"] = step
                span.attributes["new \(thread) \(step)"] = step
            }
        }
        span.end()
        let record = try #require(subject.spans.first)
        #expect(record.attributes.count == 128)
        #expect(record.attributes.allSatisfy { $0.key.hasPrefix("key ") })
        #expect((0..<8).allSatisfy { record[attribute: "key \($0)"] == 99 })
        #expect(record.dropped.attributes == 800)
    }

    @Test("what was full is still full after others brought more changes than there is room for")
    func fullMeanwhile() throws {
        let span = subject.start("work")
        for number in 0..<128 { span.attributes["key \(number)"] = 0 }
        change(&span.attributes, "key 0", 1) {
            for number in 0..<200 { span.attributes["new \(number)"] = number }
            span.attributes["key 1"] = 2
        }
        span.end()
        let record = try #require(subject.spans.first)
        #expect(record.attributes.count == 128)
        #expect(record.attributes.allSatisfy { $0.key.hasPrefix("key ") })
        #expect(record[attribute: "key 0"] == 1)
        #expect(record[attribute: "key 1"] == 2)
        #expect(record.dropped.attributes == 200)
    }

    @Test("a span that nobody ended is forgotten with its attributes, and counted")
    func forgotten() {
        do {
            let span = subject.start("forgotten")
            span.attributes["forgotten"] = true
        }
        #expect(subject.spans.isEmpty)
        #expect(subject.tracer.totals == SpanTotals(started: 1, forgotten: 1))
        subject.start("next").end()
        #expect(subject.spans.map(\.attributes) == [[]])
    }
}
