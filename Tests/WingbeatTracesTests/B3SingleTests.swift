// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("B3 in one header")
struct B3SingleTests {
    private let subject = TracerUnderTest(
        propagators: Propagators(extract: [B3SinglePropagator()], inject: [B3SinglePropagator()])
    )

    @Test("without the header there is no trace, and nothing is written")
    func empty() {
        #expect(subject.extract([:]).traceContext == nil)
        #expect(subject.inject(.topLevel).isEmpty)
    }

    @Test(
        "the header is read",
        arguments: [
            ("\(longTrace)-\(spanHex)-1", remoteContext(.sampled)),
            ("\(longTrace)-\(spanHex)-0", remoteContext(.notSampled)),
            ("\(longTrace)-\(spanHex)-d", remoteContext(.debug)),
            ("\(longTrace)-\(spanHex)", remoteContext(.deferred)),
            ("\(longTrace)-\(spanHex)-1-\(parentHex)", remoteContext(.sampled, parent: parentHex)),
            ("\(shortTrace)-\(spanHex)-1", remoteContext(.sampled, trace: shortTrace)),
            ("463AC35C9F6413AD48485A3953BB6124-A2FB4A1D1A96D312-1", remoteContext(.sampled)),
            ("garbage,\(longTrace)-\(spanHex)-1,\(shortTrace)-\(spanHex)-0", remoteContext(.sampled)),
        ]
    )
    func valid(header: String, trace: TraceContext?) {
        #expect(trace != nil)
        #expect(subject.extract(["b3": header]).traceContext == trace)
    }

    @Test(
        "a malformed header is as if there were none",
        arguments: [
            "", "-", "x", "2", "\(longTrace)", "\(longTrace)-", "-\(spanHex)-1", "\(longTrace)-\(spanHex)-",
            "\(longTrace)-\(spanHex)-2", "\(longTrace)-\(spanHex)-true", "\(longTrace)-\(spanHex)-1-\(parentHex)-1",
            "\(longTrace)0-\(spanHex)-1", "463ac35c9f6413a-\(spanHex)-1", "1-\(spanHex)-1",
            "\(longTrace)-a2fb4a1d1a96d31-1", "\(longTrace)-\(spanHex)0-1", "\(longTrace)-1", "\(shortTrace)-1-1",
            "\(longTrace)-gggggggggggggggg-1", "0000000000000000-\(spanHex)-1", "\(longTrace)-0000000000000000-1",
            "00000000000000000000000000000000-\(spanHex)-1",
        ]
    )
    func malformed(header: String) {
        #expect(subject.extract(["b3": header]).traceContext == nil)
        #expect(subject.start("work", in: subject.extract(["b3": header])).isRecording)
    }

    @Test("a decision alone holds for the next root: 0 drops it, 1 and d record it")
    func decisionOnly() {
        let dropped = subject.start("work", in: subject.extract(["b3": "0"]))
        #expect(!dropped.isRecording)
        #expect(dropped.context.traceContext?.sampling == .notSampled)
        #expect(dropped.context.traceContext?.parentID == nil)
        let never = TracerUnderTest(
            sampler: NeverSampler(),
            propagators: Propagators(extract: [B3SinglePropagator()], inject: [B3SinglePropagator()])
        )
        #expect(never.start("work", in: never.extract(["b3": "1"])).isRecording)
        let debug = never.start("work", in: never.extract(["b3": "d"]))
        #expect(debug.context.traceContext?.sampling == .debug)
        #expect(!never.start("work", in: never.extract([:])).isRecording, "the decision holds for one request only")
    }

    @Test("a decision alone holds for the root's children as well")
    func decisionBelow() {
        let root = subject.start("root", in: subject.extract(["b3": "0"]))
        let child = subject.start("child", in: root.context)
        #expect(!child.isRecording)
        #expect(child.context.traceContext?.traceID == root.context.traceContext?.traceID)
    }

    @Test(
        "the header is written, with the parent where it is known",
        arguments: [
            (SamplingDecision.sampled, "-1"), (.notSampled, "-0"), (.debug, "-d"), (.deferred, ""),
        ]
    )
    func inject(sampling: SamplingDecision, suffix: String) {
        var context = ServiceContext.topLevel
        context.traceContext = remoteContext(sampling)
        #expect(subject.inject(context) == ["b3": "\(longTrace)-\(spanHex)\(suffix)"])
        context.traceContext = remoteContext(sampling, trace: shortTrace, parent: parentHex)
        let parent = sampling == .deferred ? "" : "-\(parentHex)"
        #expect(subject.inject(context) == ["b3": "\(shortTrace)-\(spanHex)\(suffix)\(parent)"])
    }

    @Test("the debug flag survives every sampler and every hop")
    func debugSurvives() throws {
        let never = TracerUnderTest(
            sampler: NeverSampler(),
            propagators: Propagators(extract: [B3SinglePropagator()], inject: [B3SinglePropagator()])
        )
        let first = never.start("first", in: never.extract(["b3": "\(longTrace)-\(spanHex)-d"]))
        let second = never.start("second", in: never.extract(never.inject(first.context)))
        second.end()
        first.end()
        #expect(never.spans.map(\.name) == ["second", "first"])
        #expect(never.spans.allSatisfy { $0.isDebug && $0.traceID.hex == longTrace })
    }

    @Test("where the caller deferred the decision the root sampler decides")
    func deferred() {
        let header = ["b3": "\(longTrace)-\(spanHex)"]
        #expect(subject.start("work", in: subject.extract(header)).isRecording)
        let never = TracerUnderTest(sampler: ParentBasedSampler(root: NeverSampler()))
        let span = never.start("work", in: never.extract(header))
        #expect(!span.isRecording)
        #expect(span.context.traceContext?.sampling == .notSampled)
    }
}
