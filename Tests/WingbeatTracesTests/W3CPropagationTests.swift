// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("W3C Trace Context")
struct W3CPropagationTests {
    private let subject = TracerUnderTest()

    @Test("without headers there is no trace, and nothing is written")
    func empty() {
        #expect(subject.extract([:]).traceContext == nil)
        #expect(subject.inject(.topLevel).isEmpty)
    }

    @Test(
        "a traceparent of version 00, and of versions to come, is read",
        arguments: [
            ("00-\(longTrace)-\(spanHex)-01", SamplingDecision.sampled),
            ("00-\(longTrace)-\(spanHex)-00", .notSampled),
            ("00-\(longTrace)-\(spanHex)-03", .sampled),
            ("00-\(longTrace)-\(spanHex)-fe", .notSampled),
            ("cc-\(longTrace)-\(spanHex)-01", .sampled),
            ("cc-\(longTrace)-\(spanHex)-01-what-comes", .sampled),
            (" 00-\(longTrace)-\(spanHex)-01 ", .sampled),
        ]
    )
    func valid(header: String, sampling: SamplingDecision) {
        var wanted = remoteContext(sampling)
        wanted?.hasRandomTraceID = ["-03", "-fe"].contains { header.hasSuffix($0) }
        #expect(subject.extract(["traceparent": header]).traceContext == wanted)
    }

    @Test(
        "a malformed traceparent is as if there were none",
        arguments: [
            "", "00", "hello", "00-\(longTrace)-\(spanHex)", "00-\(longTrace)-\(spanHex)-01-x",
            "ff-\(longTrace)-\(spanHex)-01", "0-\(longTrace)-\(spanHex)-01", "000-\(longTrace)-\(spanHex)-01",
            "0g-\(longTrace)-\(spanHex)-01", "+0-\(longTrace)-\(spanHex)-01", "00-\(shortTrace)-\(spanHex)-01",
            "00-\(longTrace)0-\(spanHex)-01", "00-\(longTrace)-a2fb4a1d1a96d31-01", "00-\(longTrace)-\(spanHex)0-01",
            "00-\(longTrace)-\(spanHex)-1", "00-\(longTrace)-\(spanHex)-001", "00-\(longTrace)-\(spanHex)-0x",
            "00-\(longTrace)-\(spanHex)-+1", "00-00000000000000000000000000000000-\(spanHex)-01",
            "00-\(longTrace)-0000000000000000-01", "00-463AC35C9F6413AD48485A3953BB6124-\(spanHex)-01",
            "00-\(longTrace)-A2FB4A1D1A96D312-01", "00-\(longTrace)-\(spanHex)-0A", "00_\(longTrace)_\(spanHex)_01",
            "00--\(spanHex)-01",
        ]
    )
    func malformed(header: String) {
        #expect(subject.extract(["traceparent": header]).traceContext == nil)
    }

    @Test("of several values joined with commas the first valid one counts")
    func joined() {
        let header = "garbage, 00-\(longTrace)-\(spanHex)-01,00-\(longTrace)-\(parentHex)-00"
        #expect(subject.extract(["traceparent": header]).traceContext == remoteContext(.sampled))
    }

    @Test("tracestate travels on unchanged, but not without a traceparent")
    func traceState() {
        let state = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"
        let context = subject.extract(["traceparent": "00-\(longTrace)-\(spanHex)-01", "tracestate": state])
        #expect(context.traceContext?.traceState == state)
        let span = subject.start("work", in: context)
        #expect(subject.inject(span.context)["tracestate"] == state)
        #expect(subject.extract(["tracestate": state]).traceContext == nil)
    }

    @Test(
        "the decision is written as a flag; one that nobody made yet as not sampled",
        arguments: [
            (SamplingDecision.sampled, "01"), (.debug, "01"), (.notSampled, "00"), (.deferred, "00"),
        ]
    )
    func inject(sampling: SamplingDecision, flags: String) {
        var context = ServiceContext.topLevel
        context.traceContext = remoteContext(sampling)
        #expect(subject.inject(context) == ["traceparent": "00-\(longTrace)-\(spanHex)-\(flags)"])
    }

    @Test("a 64-bit trace id is written with 32 digits")
    func shortID() {
        var context = ServiceContext.topLevel
        context.traceContext = remoteContext(.sampled, trace: shortTrace)
        #expect(subject.inject(context)["traceparent"] == "00-0000000000000000\(shortTrace)-\(spanHex)-01")
    }

    @Test("baggage is carried to the requests that go out, with and without a trace")
    func baggage() {
        let header = "userId=alice,serverNode=DF%2028;prop=1"
        let context = subject.extract(["baggage": header])
        #expect(context.traceContext == nil)
        #expect(subject.inject(context) == ["baggage": header])
        let span = subject.start("work", in: context)
        #expect(subject.inject(span.context)["baggage"] == header)
    }

    @Test("baggage that is longer than 8192 bytes is not carried; 8192 are; an empty one is none")
    func baggageLimit() {
        let longest = "k=" + String(repeating: "v", count: W3CBaggagePropagator.limit - 2)
        #expect(subject.inject(subject.extract(["baggage": longest]))["baggage"] == longest)
        #expect(subject.inject(subject.extract(["baggage": longest + "v"])).isEmpty)
        #expect(subject.inject(subject.extract(["baggage": ""])).isEmpty)
    }
}
