// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("Carriers")
struct CarrierTests {
    private let tracer = TracerUnderTest(
        propagators: Propagators(
            extract: [W3CTraceContextPropagator(), B3SinglePropagator(), B3MultiPropagator(), W3CBaggagePropagator()],
            inject: [W3CTraceContextPropagator(), B3MultiPropagator()]
        )
    ).tracer
    private let pairs = PairListExtractor<[(String, String)]> { ($0.0, $0.1) }

    private func extract(_ list: [(String, String)]) -> ServiceContext {
        var context = ServiceContext.topLevel
        tracer.extract(list, into: &context, using: pairs)
        return context
    }

    @Test(
        "a dictionary's keys are found in any case",
        arguments: ["traceparent", "Traceparent", "TRACEPARENT", "TraceParent"]
    )
    func dictionary(name: String) {
        var context = ServiceContext.topLevel
        let headers = [name: "00-\(longTrace)-\(spanHex)-01", "x": "y"]
        tracer.extract(headers, into: &context, using: DictionaryExtractor())
        #expect(context.traceContext == remoteContext(.sampled))
    }

    @Test("names of the same length, and those that differ in more than case, are others")
    func otherNames() {
        #expect(
            DictionaryExtractor().extract(key: "b3", from: ["b4": "1", "b": "1", "b33": "1", "b\u{13}": "1"]) == nil
        )
        #expect(DictionaryExtractor().extract(key: "a-b", from: ["a\rb": "1"]) == nil)
    }

    @Test("writing replaces what stood there, in any case")
    func replace() throws {
        var context = ServiceContext.topLevel
        context.traceContext = remoteContext(.notSampled)
        var headers = ["TRACEPARENT": "old", "x-b3-traceid": "old", "keep": "1"]
        tracer.inject(context, into: &headers, using: DictionaryInjector())
        #expect(headers["traceparent"] == "00-\(longTrace)-\(spanHex)-00")
        #expect(Set(headers.keys) == ["traceparent", "X-B3-TraceId", "X-B3-SpanId", "X-B3-Sampled", "keep"])

        var list = [("TraceParent", "old"), ("keep", "1"), ("traceparent", "older")]
        let injector = PairListInjector<[(String, String)]>(name: { $0.0 }, make: { ($0, $1) })
        tracer.inject(context, into: &list, using: injector)
        #expect(list.map(\.0) == ["keep", "traceparent", "X-B3-Sampled", "X-B3-TraceId", "X-B3-SpanId"])
    }

    @Test("repeated headers are joined: the first trace counts, states and baggage add up")
    func repeated() {
        let context = extract([
            ("traceparent", "garbage"), ("Tracestate", "a=1"), ("TRACEPARENT", "00-\(longTrace)-\(spanHex)-01"),
            ("traceparent", "00-\(longTrace)-\(parentHex)-00"), ("tracestate", "b=2"), ("baggage", "x=1"),
            ("Baggage", "y=2"),
        ])
        #expect(context.traceContext?.spanID.hex == spanHex)
        #expect(context.traceContext?.traceState == "a=1,b=2")
        #expect(context.baggage.header == "x=1,y=2")
    }

    @Test("pairs without text, such as binary metadata, are passed over")
    func binary() {
        let values: [(String, String?)] = [("b3", nil), ("b3", "\(longTrace)-\(spanHex)-1")]
        let extractor = PairListExtractor<[(String, String?)]> { pair in pair.1.map { (pair.0, $0) } }
        var context = ServiceContext.topLevel
        tracer.extract(values, into: &context, using: extractor)
        #expect(context.traceContext == remoteContext(.sampled))
    }

    @Test(
        "headers that were joined with semicolons are read, as Vapor joins them",
        arguments: [
            [("b3", "garbage;\(longTrace)-\(spanHex)-1")], [("traceparent", "x; 00-\(longTrace)-\(spanHex)-01")],
            [("x-b3-traceid", "\(longTrace);\(shortTrace)"), ("x-b3-spanid", "\(spanHex);x"), ("x-b3-sampled", "1;0")],
        ]
    )
    func semicolons(list: [(String, String)]) {
        #expect(extract(list).traceContext == remoteContext(.sampled))
    }

    @Test(
        "headers of a quarter megabyte are no trace, and no trouble",
        arguments: [",", ";", "-", "0", "=", "%", "a=1,", "\u{FFFD}"]
    )
    func huge(filler: String) {
        let text = String(repeating: filler, count: 250_000 / filler.utf8.count)
        let names = ["traceparent", "b3", "X-B3-TraceId", "X-B3-SpanId", "X-B3-Sampled", "X-B3-Flags", "baggage"]
        let context = extract(names.map { ($0, text) })
        #expect(context.traceContext == nil)
        #expect(context.baggage.isEmpty)
        let traced = extract([
            ("traceparent", "00-\(longTrace)-\(spanHex)-01"), ("tracestate", text), ("baggage", text),
        ])
        #expect(traced.traceContext == remoteContext(.sampled))
    }
}
