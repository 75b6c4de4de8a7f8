// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel

@testable import WingbeatTraces

@Suite("Where in which trace an owned span is")
struct OwnedSpanTests {
    private let subject = TracerUnderTest()

    @Test("without a current span it begins a trace, and is reported once it ends")
    func root() throws {
        let span = subject.tracer.begin("work", kind: .server)
        let (context, isRecording) = (span.context, span.isRecording)
        #expect(isRecording)
        #expect(subject.spans.isEmpty)
        span.end()
        let record = try #require(subject.spans.first)
        #expect(subject.spans.count == 1)
        #expect(record.name == "work")
        #expect(record.kind == .server)
        #expect(record.traceID == context.traceID)
        #expect(record.id == context.spanID)
        #expect(record.parentID == nil)
        #expect(context.sampling == .sampled)
        #expect(record.serviceName == "shop")
        #expect(record.scope?.name == "wingbeat")
        #expect(record.startNanoseconds > 1_700_000_000_000_000_000)
        #expect(record.durationNanoseconds >= 1)
    }

    @Test("it is the child of the current span, or of the parent that it is given")
    func children() throws {
        withTracer(subject.tracer) {
            withSpan("outer") { _ in
                let inner = subject.tracer.begin("inner")
                subject.tracer.begin("innermost", below: inner.context).end()
                inner.end()
                subject.tracer.beginTrace("apart").end()
            }
        }
        #expect(subject.spans.map(\.name) == ["innermost", "inner", "apart", "outer"])
        let (innermost, inner, apart) = (subject.spans[0], subject.spans[1], subject.spans[2])
        let outer = subject.spans[3]
        #expect(inner.parentID == outer.id && inner.traceID == outer.traceID)
        #expect(innermost.parentID == inner.id && innermost.traceID == outer.traceID)
        #expect(apart.parentID == nil && apart.traceID != outer.traceID)
        #expect(inner.kind == .internal)
    }

    @Test("work inside its service context is below it, with everything else that is there")
    func serviceContext() {
        var context = ServiceContext.topLevel
        context[TenantKey.self] = "acme"
        ServiceContext.withValue(context) {
            let span = subject.tracer.begin("outer")
            let (context, inside) = (span.context, span.serviceContext)
            #expect(inside.traceContext == context)
            #expect(inside[TenantKey.self] == "acme")
            #expect(ServiceContext.current?.traceContext == nil)
            withTracer(subject.tracer) {
                ServiceContext.withValue(span.serviceContext) { withSpan("inner") { _ in } }
            }
            span.end()
        }
        #expect(subject.spans.map(\.name) == ["inner", "outer"])
        #expect(subject.spans[0].parentID == subject.spans[1].id)
    }

    @Test("below another service's span it keeps tracestate, and says that its parent is remote")
    func remoteParent() throws {
        var parent = try #require(remoteContext(.sampled))
        parent.traceState = "vendor=1"
        parent.hasRandomTraceID = true
        let span = subject.tracer.begin("work", below: parent)
        let context = span.context
        #expect(context.traceState == "vendor=1")
        #expect(!context.isRemote)
        #expect(context.hasRandomTraceID)
        subject.tracer.begin("child", below: span.context).end()
        span.end()
        let (child, work) = (subject.spans[0], subject.spans[1])
        #expect(work.traceID.hex == longTrace && work.parentID?.hex == spanHex)
        #expect([child.traceState, work.traceState] == ["vendor=1", "vendor=1"])
        #expect(work.flags == 0x303, "sampled, random, remote parent")
        #expect(child.flags == 0x103, "sampled, random, local parent")
    }

    @Test("B3's debug flag is kept, and wins over the sampler")
    func debug() throws {
        let subject = TracerUnderTest(sampler: NeverSampler())
        let span = subject.tracer.begin("work", below: try #require(remoteContext(.debug)))
        let sampling = span.context.sampling
        #expect(sampling == .debug)
        span.end()
        #expect(subject.spans.map(\.isDebug) == [true])
        subject.tracer.begin("work").end()
        #expect(subject.spans.count == 1)
    }

    @Test("a decision that came without ids counts for the trace that begins", arguments: [true, false])
    func requestedSampling(isSampled: Bool) {
        let subject = TracerUnderTest(sampler: ParentBasedSampler(root: isSampled ? NeverSampler() : AlwaysSampler()))
        ServiceContext.withValue(subject.extract(["b3": isSampled ? "1" : "0"])) {
            let span = subject.tracer.begin("work")
            let isRecording = span.isRecording
            #expect(isRecording == isSampled)
            span.end()
        }
        #expect(subject.spans.count == (isSampled ? 1 : 0))
    }

    @Test("one that is not sampled has ids and its trace, evaluates nothing and reports nothing")
    func unsampled() throws {
        let subject = TracerUnderTest(sampler: NeverSampler())
        var parent = try #require(remoteContext(.sampled))
        parent.traceState = "vendor=1"
        var evaluated = 0
        func count<Value>(_ value: Value) -> Value {
            evaluated += 1
            return value
        }
        let span = subject.tracer.begin("work", below: parent)
        span.set("text", count("a"))
        span.set("whole", count(1))
        span.set("number", count(0.5))
        span.set("truth", count(true))
        span.set("any", count(AttributeValue.bytes([1])))
        span.rename(count("other"))
        span.setStatus(count(.ok))
        span.addEvent(count("event"), count([]))
        span.addLink(to: parent, count([]))
        span.recordError(TestError())
        #expect(evaluated == 0)
        let (isRecording, context, inside) = (span.isRecording, span.context, span.serviceContext)
        #expect(!isRecording)
        #expect(context.traceID == parent.traceID)
        #expect(context.spanID != parent.spanID)
        #expect(context.parentID == parent.spanID)
        #expect(context.sampling == .notSampled)
        #expect(context.traceState == "vendor=1")
        #expect(subject.inject(inside)["traceparent"]?.hasSuffix("-00") == true)
        span.end()
        #expect(subject.spans.isEmpty)
        #expect(subject.tracer.totals == SpanTotals(started: 1, finished: 1, sampledOut: 1))
    }

    @Test("one that is dropped without an end is not reported, but counted")
    func forgotten() {
        do {
            let span = subject.tracer.begin("work")
            span.set("key", "value")
        }
        #expect(subject.spans.isEmpty)
        #expect(subject.tracer.totals == SpanTotals(started: 1, forgotten: 1))
        subject.tracer.begin("next").end()
        #expect(subject.spans.map(\.attributes) == [[]])
        #expect(subject.tracer.totals == SpanTotals(started: 2, finished: 1, forgotten: 1))
    }

    @Test("it may end on another thread than that on which it began")
    func otherThread() async {
        let span = subject.tracer.begin("work")
        await Self.end(span)
        #expect(subject.spans.map(\.name) == ["work"])
    }

    @concurrent private static func end(_ span: consuming OwnedSpan) async { span.end() }
}
