// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("A span that is not recorded still carries its context")
struct DroppedSpanTests {
    private let subject = TracerUnderTest(sampler: NeverSampler())

    @Test("it has valid ids, says that it is not sampled, and keeps whatever else came in")
    func carries() throws {
        var context = ServiceContext.topLevel
        context[TenantKey.self] = "acme"
        let span = subject.start("work", in: context)
        let trace = try #require(span.context.traceContext)
        #expect(span.context[TenantKey.self] == "acme")
        #expect(trace.sampling == .notSampled)
        #expect(trace.parentID == nil)
        #expect(TraceID(hex: trace.traceID.hex) == trace.traceID)
        #expect(SpanID(hex: trace.spanID.hex) == trace.spanID)
        #expect(subject.inject(span.context)["traceparent"]?.hasSuffix("-00") == true)
    }

    @Test("it stays in the caller's trace, with tracestate and baggage")
    func callersTrace() throws {
        let context = subject.extract([
            "traceparent": "00-\(longTrace)-\(spanHex)-01", "tracestate": "a=b", "baggage": "k=v",
        ])
        let headers = subject.inject(subject.start("work", in: context).context)
        let trace = try #require(subject.extract(headers).traceContext)
        #expect(trace.traceID.hex == longTrace)
        #expect(trace.spanID.hex != spanHex)
        #expect(trace.sampling == .notSampled)
        #expect(headers["tracestate"] == "a=b")
        #expect(headers["baggage"] == "k=v")
    }

    @Test("it records nothing and reports nothing")
    func silent() {
        let span = subject.start("work")
        span.attributes["a"] = 1
        span.addEvent("b")
        span.setStatus(SpanStatus(code: .error))
        span.recordError(TestError())
        span.addLink(SpanLink(context: .topLevel, attributes: [:]))
        #expect(!span.isRecording)
        #expect(span.attributes.isEmpty)
        span.end()
        span.end()
        #expect(subject.spans.isEmpty)
    }

    @Test("work below it is not recorded either, and stays in its trace")
    func children() throws {
        let parent = TracerUnderTest(sampler: ParentBasedSampler(root: NeverSampler()))
        let root = parent.start("root")
        let child = parent.start("child", in: root.context)
        #expect(!child.isRecording)
        #expect(child.context.traceContext?.traceID == root.context.traceContext?.traceID)
        #expect(child.context.traceContext?.parentID == root.context.traceContext?.spanID)
    }

    @Test("code inside withSpan sees the dropped span's context")
    func withSpanBindsContext() throws {
        var context = ServiceContext.topLevel
        context[TenantKey.self] = "acme"
        withTracer(subject.tracer) {
            withSpan("work", context: context) { span in
                #expect(ServiceContext.current?[TenantKey.self] == "acme")
                #expect(TraceContext.current == span.context.traceContext)
                #expect(TraceContext.current?.sampling == .notSampled)
            }
        }
        #expect(TraceContext.current == nil)
    }
}

@Suite("The live span of a context")
struct ActiveSpanTests {
    private let subject = TracerUnderTest(sampler: NameSampler(dropped: ["dropped"]))

    @Test("a context without a span, and one of another tracer's making, has none")
    func none() {
        #expect(subject.tracer.activeSpan(identifiedBy: .topLevel) == nil)
        var foreign = ServiceContext.topLevel
        foreign.traceContext = remoteContext(.sampled)
        #expect(subject.tracer.activeSpan(identifiedBy: foreign) == nil)
    }

    @Test("the span is found from its context as long as somebody holds one of the two; then both are released")
    func found() {
        weak var released: WingbeatSpan?
        do {
            let context: ServiceContext
            do {
                let span = subject.start("work")
                context = span.context
                #expect(subject.tracer.activeSpan(identifiedBy: context) === span)
                let child = subject.start("child", in: context)
                #expect(subject.tracer.activeSpan(identifiedBy: child.context) === child)
                #expect(subject.tracer.activeSpan(identifiedBy: context) === span)
                released = span
            }
            #expect(subject.tracer.activeSpan(identifiedBy: context) === released)
            #expect(released != nil)
        }
        #expect(released == nil)
    }

    @Test("the context of a dropped span does not lead to the span above it")
    func dropped() {
        let parent = subject.start("parent")
        let child = subject.start("dropped", in: parent.context)
        #expect(!child.isRecording)
        #expect(subject.tracer.activeSpan(identifiedBy: child.context) !== parent)
    }

    @Test("a context into which another service's trace was read does not lead to a span of this one")
    func extracted() {
        let span = subject.start("work")
        let context = subject.extract(["traceparent": "00-\(longTrace)-\(spanHex)-01"], into: span.context)
        #expect(subject.tracer.activeSpan(identifiedBy: context) == nil)
    }
}
