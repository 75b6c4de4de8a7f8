// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("Several formats, and a context that is there already")
struct ExtractionOrderTests {
    private let subject = TracerUnderTest()

    @Test("the first format that finds a trace counts, in the order of the configuration")
    func firstWins() {
        let headers = [
            "traceparent": "00-\(longTrace)-\(spanHex)-01", "b3": "\(shortTrace)-\(parentHex)-0",
            "X-B3-TraceId": shortTrace, "X-B3-SpanId": parentHex,
        ]
        #expect(subject.extract(headers).traceContext == remoteContext(.sampled))
        let reversed = TracerUnderTest(
            propagators: Propagators(
                extract: [B3SinglePropagator(), W3CTraceContextPropagator()],
                inject: [B3SinglePropagator(), W3CTraceContextPropagator(), B3MultiPropagator()]
            )
        )
        #expect(reversed.extract(headers).traceContext?.traceID.hex == shortTrace)
        #expect(reversed.extract(headers).traceContext?.sampling == .notSampled)
    }

    @Test("a malformed header of the first format leaves the word to the next")
    func malformedFirst() {
        let headers = ["traceparent": "00-zero-\(spanHex)-01", "b3": "\(longTrace)-\(spanHex)-1"]
        #expect(subject.extract(headers).traceContext == remoteContext(.sampled))
    }

    @Test("all formats of the configuration are written")
    func injectAll() {
        let all = TracerUnderTest(
            propagators: Propagators(
                extract: [],
                inject: [W3CTraceContextPropagator(), B3SinglePropagator(), B3MultiPropagator()]
            )
        )
        let headers = all.inject(all.start("work").context)
        #expect(Set(headers.keys) == ["traceparent", "b3", "X-B3-TraceId", "X-B3-SpanId", "X-B3-Sampled"])
        #expect(all.inject(.topLevel).isEmpty)
    }

    @Test("a decision that came without a trace goes out as it came", arguments: ["0", "1", "d"])
    func decisionOnly(decision: String) {
        let formats: [any Propagator] = [B3SinglePropagator(), B3MultiPropagator()]
        let relay = TracerUnderTest(propagators: Propagators(extract: formats, inject: formats))
        let (name, value) = decision == "d" ? ("X-B3-Flags", "1") : ("X-B3-Sampled", decision)
        #expect(relay.inject(relay.extract(["b3": decision])) == ["b3": decision, name: value])
        #expect(relay.inject(relay.extract([name: value])) == ["b3": decision, name: value])
    }

    @Test("headers win over a trace that is in the context; without headers the context keeps what it had")
    func headersWin() {
        let here = subject.start("here")
        var context = here.context
        context[TenantKey.self] = "acme"
        let from = subject.extract(["traceparent": "00-\(longTrace)-\(spanHex)-01"], into: context)
        #expect(from.traceContext == remoteContext(.sampled))
        #expect(from[TenantKey.self] == "acme")
        for headers in [[:], ["traceparent": "garbage"], ["b3": "0"]] {
            #expect(subject.extract(headers, into: context).traceContext == here.context.traceContext)
        }
    }

    @Test("a trace crosses from one service to the next and back into one tree")
    func acrossServices() throws {
        let other = TracerUnderTest()
        let client = subject.start("call")
        let server = other.start("answer", in: other.extract(subject.inject(client.context)))
        server.end()
        client.end()
        let answer = try #require(other.spans.first)
        let call = try #require(subject.spans.first)
        #expect(answer.traceID == call.traceID)
        #expect(answer.parentID == call.id)
        #expect(answer.id != call.id)
        #expect(call.parentID == nil)
    }
}
