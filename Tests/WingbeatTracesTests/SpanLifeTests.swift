// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("A span from its start to its end")
struct SpanLifeTests {
    private let subject = TracerUnderTest()

    @Test("a tracer that was not used reports nothing")
    func empty() {
        #expect(subject.spans.isEmpty)
    }

    @Test("a span that ends is reported once, with who, what and when")
    func plain() throws {
        let span = subject.start("work")
        #expect(span.isRecording)
        #expect(subject.spans.isEmpty)
        span.end()
        #expect(!span.isRecording)
        let record = try #require(subject.spans.first)
        #expect(subject.spans.count == 1)
        #expect(record.name == "work")
        #expect(record.parentID == nil)
        #expect(record.kind == .internal)
        #expect(record.status == .unset)
        #expect(record.resource == Resource(serviceName: "shop", attributes: [Attribute("service.version", "1")]))
        #expect(record.startNanoseconds > 1_700_000_000_000_000_000)
        #expect(record.durationNanoseconds >= 1)
        #expect(record.attributes.isEmpty && record.events.isEmpty && record.links.isEmpty)
        #expect(!record.isShared && !record.isDebug)
        #expect(record.traceID == span.context.traceContext?.traceID)
        #expect(record.id == span.context.traceContext?.spanID)
    }

    @Test("a second end, and whatever is set after the first, is ignored")
    func ended() throws {
        let span = subject.start("work")
        span.attributes["kept"] = "yes"
        span.end()
        let before = subject.spans
        span.end()
        span.end(at: Moment(1))
        span.operationName = "other"
        span.attributes["late"] = "yes"
        span.setStatus(SpanStatus(code: .error))
        span.addEvent("late")
        span.recordError(TestError())
        span.addLink(SpanLink(context: subject.start("linked").context, attributes: [:]))
        #expect(subject.spans == before)
        #expect(span.operationName == "work")
        #expect(span.attributes.get("late") == nil)
        #expect(subject.spans.first?.attributes == [Attribute("kept", "yes")])
    }

    @Test("a name that is changed before the end is the reported one")
    func rename() {
        let span = subject.start("GET")
        span.operationName = "GET /orders/{id}"
        #expect(span.operationName == "GET /orders/{id}")
        span.end()
        #expect(subject.spans.map(\.name) == ["GET /orders/{id}"])
    }

    @Test(
        "each kind is reported",
        arguments: [
            (SpanKind.client, SpanRecord.Kind.client), (.server, .server), (.producer, .producer),
            (.consumer, .consumer), (.internal, .internal),
        ] as [(SpanKind, SpanRecord.Kind)]
    )
    func kinds(kind: SpanKind, reported: SpanRecord.Kind) {
        subject.tracer.startSpan("work", context: .topLevel, ofKind: kind).end()
        #expect(subject.spans.map(\.kind) == [reported])
    }

    @Test("instants of the caller's choice are kept")
    func explicitInstants() {
        subject.start("past", at: Moment(1_000_000_000)).end(at: Moment(1_000_000_350))
        #expect(subject.spans.map(\.startNanoseconds) == [1_000_000_000])
        #expect(subject.spans.map(\.durationNanoseconds) == [350])
    }

    @Test("a span that began at a chosen instant and ends now has lasted since then")
    func explicitStart() throws {
        let hour: UInt64 = 3_600_000_000_000
        let start = Moment(DefaultTracerClock.now.nanosecondsSinceEpoch - hour)
        subject.start("past", at: start).end()
        let record = try #require(subject.spans.first)
        #expect(record.startNanoseconds == start.nanosecondsSinceEpoch)
        #expect(record.durationNanoseconds >= hour)
    }

    @Test(
        "a span that ends before it starts, or at once, has the shortest duration",
        arguments: [(2_000, 1_000), (2_000, 2_000), (UInt64.max, 0), (0, 0)] as [(UInt64, UInt64)]
    )
    func endBeforeStart(start: UInt64, end: UInt64) {
        subject.start("work", at: Moment(start)).end(at: Moment(end))
        #expect(subject.spans.map(\.durationNanoseconds) == [1])
    }

    @Test("a span that nobody holds is released, and so is its context")
    func noRetainCycle() {
        weak var released: WingbeatSpan?
        do {
            let span = subject.start("work")
            let child = subject.start("child", in: span.context)
            released = span
            #expect(released != nil)
            child.end()
            span.end()
        }
        #expect(released == nil)
    }

    @Test("eight tasks may change one span, and end it once")
    func concurrentUse() async throws {
        let span = subject.start("work")
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for step in 0..<500 {
                        span.addEvent("event")
                        span.attributes["task\(task)"] = step
                        span.operationName = "work \(step)"
                        span.setStatus(SpanStatus(code: .ok))
                    }
                }
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { span.end() } }
        }
        let record = try #require(subject.spans.first)
        #expect(subject.spans.count == 1)
        #expect(record.events.count == 128)
        #expect(record.dropped.events == 4000 - 128)
        #expect(record.attributes == (0..<8).map { Attribute("task\($0)", 499) })
        #expect(record.status == .ok)
    }

    @Test("a tracer that is given other parts reports new spans to them, and begun ones where they began")
    func reconfigure() {
        let later = InMemorySpanReporter()
        let begun = subject.start("begun")
        subject.tracer.reconfigure(
            WingbeatTracer.Configuration(resource: Resource(serviceName: "other"), reporter: later)
        )
        subject.start("new").end()
        begun.end()
        subject.tracer.forceFlush()
        #expect(subject.spans.map(\.name) == ["begun"])
        #expect(later.spans.map(\.name) == ["new"])
        #expect(later.spans.first?.serviceName == "other")
    }
}
