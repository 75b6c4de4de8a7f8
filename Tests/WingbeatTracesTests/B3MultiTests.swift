// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("B3 in several headers")
struct B3MultiTests {
    private static let formats = Propagators(extract: [B3MultiPropagator()], inject: [B3MultiPropagator()])
    private static let ids = ["X-B3-TraceId": longTrace, "X-B3-SpanId": spanHex]
    private let subject = TracerUnderTest(propagators: Self.formats)

    @Test("without the headers there is no trace, and nothing is written")
    func empty() {
        #expect(subject.extract([:]).traceContext == nil)
        #expect(subject.inject(.topLevel).isEmpty)
    }

    @Test(
        "the headers are read; true and false as old libraries wrote them",
        arguments: [
            ([:], SamplingDecision.deferred),
            (["X-B3-Sampled": "1"], .sampled), (["X-B3-Sampled": "true"], .sampled),
            (["X-B3-Sampled": "True"], .sampled), (["X-B3-Sampled": "0"], .notSampled),
            (["X-B3-Sampled": "false"], .notSampled), (["X-B3-Sampled": "maybe"], .deferred),
            (["X-B3-Sampled": ""], .deferred), (["X-B3-Sampled": "maybe, 1, 0"], .sampled),
            (["X-B3-Flags": "1"], .debug), (["X-B3-Flags": "1", "X-B3-Sampled": "0"], .debug),
            (["X-B3-Flags": "0", "X-B3-Sampled": "0"], .notSampled), (["X-B3-Flags": "d"], .deferred),
        ] as [([String: String], SamplingDecision)]
    )
    func decisions(headers: [String: String], sampling: SamplingDecision) {
        let found = subject.extract(Self.ids.merging(headers) { $1 }).traceContext
        #expect(found == remoteContext(sampling))
    }

    @Test("the parent is read when it is well-formed")
    func parent() {
        var headers = Self.ids.merging(["X-B3-ParentSpanId": parentHex, "X-B3-Sampled": "1"]) { $1 }
        #expect(subject.extract(headers).traceContext == remoteContext(.sampled, parent: parentHex))
        headers["X-B3-ParentSpanId"] = "none"
        #expect(subject.extract(headers).traceContext == remoteContext(.sampled))
    }

    @Test("ids may be 64 bits, in upper case, repeated, and under names in lower case")
    func forms() {
        let short = ["X-B3-TraceId": shortTrace, "X-B3-SpanId": spanHex]
        #expect(subject.extract(short).traceContext == remoteContext(.deferred, trace: shortTrace))
        let upper = ["X-B3-TraceId": longTrace.uppercased(), "X-B3-SpanId": spanHex.uppercased()]
        #expect(subject.extract(upper).traceContext == remoteContext(.deferred))
        let joined = ["X-B3-TraceId": "x,\(longTrace)", "X-B3-SpanId": "\(spanHex), \(parentHex)"]
        #expect(subject.extract(joined).traceContext == remoteContext(.deferred))
        let lower = ["x-b3-traceid": longTrace, "x-b3-spanid": spanHex, "x-b3-sampled": "1"]
        #expect(subject.extract(lower).traceContext == remoteContext(.sampled))
    }

    @Test(
        "malformed or missing ids are as if there were none",
        arguments: [
            ["X-B3-TraceId": longTrace], ["X-B3-SpanId": spanHex],
            ["X-B3-TraceId": "", "X-B3-SpanId": spanHex], ["X-B3-TraceId": "1", "X-B3-SpanId": spanHex],
            ["X-B3-TraceId": longTrace + "0", "X-B3-SpanId": spanHex],
            ["X-B3-TraceId": longTrace, "X-B3-SpanId": spanHex + "0"],
            ["X-B3-TraceId": longTrace, "X-B3-SpanId": "1"],
            ["X-B3-TraceId": "00000000000000000000000000000000", "X-B3-SpanId": spanHex],
            ["X-B3-TraceId": longTrace, "X-B3-SpanId": "0000000000000000"],
            ["X-B3-TraceId": "463ac35c9f6413ad-48485a3953bb612", "X-B3-SpanId": spanHex],
        ]
    )
    func malformed(headers: [String: String]) {
        #expect(subject.extract(headers).traceContext == nil)
    }

    @Test("a decision without ids holds for the next root")
    func decisionOnly() {
        #expect(!subject.start("work", in: subject.extract(["X-B3-Sampled": "0"])).isRecording)
        let never = TracerUnderTest(sampler: NeverSampler(), propagators: Self.formats)
        #expect(never.start("work", in: never.extract(["X-B3-Sampled": "1"])).isRecording)
        let debug = never.start("work", in: never.extract(["X-B3-Flags": "1"]))
        #expect(debug.context.traceContext?.sampling == .debug)
    }

    @Test(
        "the headers are written",
        arguments: [
            (SamplingDecision.sampled, ["X-B3-Sampled": "1"]), (.notSampled, ["X-B3-Sampled": "0"]),
            (.debug, ["X-B3-Flags": "1"]), (.deferred, [:]),
        ]
    )
    func inject(sampling: SamplingDecision, headers: [String: String]) {
        var context = ServiceContext.topLevel
        context.traceContext = remoteContext(sampling)
        #expect(subject.inject(context) == Self.ids.merging(headers) { $1 })
        context.traceContext = remoteContext(sampling, parent: parentHex)
        #expect(
            subject.inject(context) == Self.ids.merging(headers) { $1 }.merging(["X-B3-ParentSpanId": parentHex]) { $1 }
        )
    }
}
