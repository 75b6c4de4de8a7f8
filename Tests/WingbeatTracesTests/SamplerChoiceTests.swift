// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("Samplers that choose among samplers")
struct SamplerChoiceTests {
    private func request(
        _ name: String = "work",
        kind: SpanRecord.Kind = .server,
        parent: SamplingDecision? = nil,
        isRemote: Bool = true
    ) -> SamplingRequest {
        let context = parent.map {
            TraceContext(traceID: traceID, spanID: spanID, sampling: $0, isRemote: isRemote)
        }
        return SamplingRequest(traceID: traceID, parent: context, name: name, kind: kind)
    }

    private let traceID: TraceID
    private let spanID: SpanID

    init() throws {
        traceID = try #require(TraceID(hex: longTrace))
        spanID = try #require(SpanID(hex: spanHex))
    }

    @Test(
        "a star stands for any text, also none; all else for itself",
        arguments: [
            ("", "", true), ("", "a", false), ("*", "", true), ("*", "anything", true),
            ("GET /health*", "GET /health", true),
            ("GET /health*", "GET /healthz", true), ("GET /health*", "get /healthz", false),
            ("GET /health*", "GET /healt", false), ("* /pay", "POST /pay", true), ("* /pay", "POST /pay/1", false),
            ("*/pay/*", "POST /shop/pay/1", true), ("a*b*c", "aXbXbXc", true), ("a*b*c", "abcb", false),
            ("a**b", "ab", true), ("ä*", "äh", true), ("a", "ab", false), ("ab", "a", false), ("*a", "aaab", false),
            ("a?", "ab", false), ("[a]*", "[a]x", true),
        ]
    )
    func patterns(pattern: String, name: String, matches: Bool) {
        let sampler = RuleSampler([SamplingRule(pattern, AlwaysSampler())], otherwise: NeverSampler())
        #expect(sampler.isSampled(request(name)) == matches)
    }

    @Test("the first rule that matches decides, by name and by kind; without one the last resort")
    func rules() {
        let sampler = RuleSampler(
            [
                SamplingRule("GET /health*", NeverSampler()),
                SamplingRule("POST /pay", kind: .server, AlwaysSampler()),
                SamplingRule("POST *", NeverSampler()),
                SamplingRule(kind: .consumer, NeverSampler()),
            ],
            otherwise: AlwaysSampler()
        )
        #expect(!sampler.isSampled(request("GET /healthz")))
        #expect(sampler.isSampled(request("POST /pay")))
        #expect(!sampler.isSampled(request("POST /pay", kind: .client)))
        #expect(!sampler.isSampled(request("POST /other")))
        #expect(!sampler.isSampled(request("orders", kind: .consumer)))
        #expect(sampler.isSampled(request("orders", kind: .producer)))
        #expect(RuleSampler([], otherwise: AlwaysSampler()).isSampled(request()))
    }

    @Test("the tracer tells the kind with which a span begins", arguments: [SpanKind.client, .server, .consumer])
    func kinds(kind: SpanKind) {
        let sampler = RuleSampler([SamplingRule(kind: .server, AlwaysSampler())], otherwise: NeverSampler())
        let span = TracerUnderTest(sampler: sampler).tracer.startSpan("work", context: .topLevel, ofKind: kind)
        #expect(span.isRecording == (kind == .server))
    }

    @Test(
        "each kind of parent may have a sampler of its own",
        arguments: [
            (SamplingDecision.sampled, true, 0), (.notSampled, true, 1), (.sampled, false, 2), (.notSampled, false, 3),
            (.deferred, true, 4), (.deferred, false, 4), (nil, true, 4),
        ] as [(SamplingDecision?, Bool, Int)]
    )
    func parents(decision: SamplingDecision?, isRemote: Bool, asked: Int) {
        for answer in [true, false] {
            let choices: [any Sampler] = (0..<5).map { index in
                (index == asked) == answer ? AlwaysSampler() as any Sampler : NeverSampler()
            }
            let sampler = ParentBasedSampler(
                root: choices[4],
                remoteSampled: choices[0],
                remoteNotSampled: choices[1],
                localSampled: choices[2],
                localNotSampled: choices[3]
            )
            #expect(sampler.isSampled(request(parent: decision, isRemote: isRemote)) == answer)
        }
    }

    @Test(
        "below a trace with the debug flag a parent-based sampler records, whatever was chosen",
        arguments: [true, false]
    )
    func debug(isRemote: Bool) {
        let never = NeverSampler()
        let sampler = ParentBasedSampler(root: never, remoteSampled: never, localSampled: never)
        #expect(sampler.isSampled(request(parent: .debug, isRemote: isRemote)))
    }

    @Test(
        "no sampler is asked about a trace with the debug flag",
        arguments: [
            NeverSampler(), RatioSampler(0), RateLimitingSampler(perSecond: 0), AdjustableSampler(0),
            RuleSampler([], otherwise: NeverSampler()),
        ] as [any Sampler]
    )
    func debugEverywhere(sampler: any Sampler) {
        let subject = TracerUnderTest(sampler: sampler)
        let span = subject.start("work", in: subject.extract(["b3": "\(longTrace)-\(spanHex)-d"]))
        #expect(span.isRecording)
        #expect(!subject.start("other").isRecording)
    }

    @Test("a ratio can be changed while the sampler is used; what lies outside is clamped")
    func adjustable() {
        let sampler = AdjustableSampler(0)
        #expect(!sampler.isSampled(request()))
        for (set, told) in [(1, 1), (0.25, 0.25), (7, 1), (-1, 0), (.nan, 0)] as [(Double, Double)] {
            sampler.ratio = set
            #expect(sampler.ratio == told)
        }
        sampler.ratio = 1
        #expect(sampler.isSampled(request()))
        #expect(AdjustableSampler().ratio == 1)
    }

    @Test("an adjustable sampler follows its rule")
    func adjustableRule() throws {
        let id = try #require(TraceID(high: 0, low: .max))
        let request = SamplingRequest(traceID: id, parent: nil, name: "")
        #expect(AdjustableSampler(0.1, rule: .zipkin).isSampled(request))
        #expect(!AdjustableSampler(0.1).isSampled(request))
    }

    @Test("it is found inside of others, and none where there is none")
    func found() {
        let inner = AdjustableSampler(0.5)
        #expect(ParentBasedSampler(root: inner).adjustable === inner)
        #expect(ParentBasedSampler(remoteNotSampled: inner).adjustable === inner)
        let rules = RuleSampler([SamplingRule("a", inner)], otherwise: NeverSampler())
        #expect(ParentBasedSampler(root: rules).adjustable === inner)
        #expect(RuleSampler([SamplingRule("a", AdjustableSampler())], otherwise: inner).adjustable === inner)
        #expect(ParentBasedSampler().adjustable == nil)
    }
}
