// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Instrumentation
import NIOHTTP1
import Testing
import WingbeatTraces
import WingbeatTracesHTTP

@Suite("Headers of the libraries for HTTP")
struct CarrierTests {
    private static let trace = "463ac35c9f6413ad48485a3953bb6124"
    private static let span = "a2fb4a1d1a96d312"
    private static let formats: [any Propagator] = [
        W3CTraceContextPropagator(), B3SinglePropagator(), B3MultiPropagator(), W3CBaggagePropagator(),
    ]
    private let tracer = WingbeatTracer(
        WingbeatTracer.Configuration(
            resource: Resource(serviceName: "shop"),
            propagators: Propagators(extract: formats, inject: formats)
        )
    )
    private static let lists: [[(String, String)]] = [
        [("Traceparent", "00-\(trace)-\(span)-01")], [("B3", "\(trace)-\(span)-1")],
        [("traceparent", "garbage"), ("traceparent", "00-\(trace)-\(span)-01")],
        [("x-b3-traceid", trace), ("X-B3-SPANID", span), ("x-B3-sampled", "1")],
    ]

    private func check(_ context: ServiceContext) {
        #expect(context.traceContext?.traceID.hex == Self.trace)
        #expect(context.traceContext?.spanID.hex == Self.span)
        #expect(context.traceContext?.sampling == .sampled)
    }

    @Test("swift-http-types' fields are read in any case and when repeated", arguments: lists)
    func fields(list: [(String, String)]) throws {
        var fields = HTTPFields()
        for (name, value) in list { fields.append(HTTPField(name: try #require(.init(name)), value: value)) }
        var context = ServiceContext.topLevel
        tracer.extract(fields, into: &context, using: HTTPFieldsExtractor())
        check(context)
    }

    @Test("SwiftNIO's headers are read in any case and when repeated", arguments: lists)
    func headers(list: [(String, String)]) {
        var context = ServiceContext.topLevel
        tracer.extract(HTTPHeaders(list), into: &context, using: HTTPHeadersExtractor())
        check(context)
    }

    @Test("repeated baggage and states add up")
    func repeated() throws {
        let list = [
            ("traceparent", "00-\(Self.trace)-\(Self.span)-01"), ("tracestate", "a=1"), ("tracestate", "b=2"),
            ("baggage", "x=1"), ("baggage", "y=2"),
        ]
        var context = ServiceContext.topLevel
        tracer.extract(HTTPHeaders(list), into: &context, using: HTTPHeadersExtractor())
        #expect(context.traceContext?.traceState == "a=1,b=2")
        #expect(context.baggage.members.map(\.key) == ["x", "y"])
    }

    @Test("every format is written once, over what stood there")
    func written() throws {
        var context = ServiceContext.topLevel
        tracer.extract(["b3": "\(Self.trace)-\(Self.span)-1"], into: &context, using: DictionaryExtractor())
        context.baggage["tenant"] = "acme"
        let stale = ["TraceParent", "X-B3-TRACEID", "Baggage"]
        var headers = HTTPHeaders((stale + stale).map { ($0, "stale") })
        tracer.inject(context, into: &headers, using: HTTPHeadersInjector())
        var fields = HTTPFields(try stale.map { HTTPField(name: try #require(.init($0)), value: "stale") })
        tracer.inject(context, into: &fields, using: HTTPFieldsInjector())
        let wanted = [
            "traceparent": "00-\(Self.trace)-\(Self.span)-01", "b3": "\(Self.trace)-\(Self.span)-1",
            "x-b3-traceid": Self.trace, "x-b3-spanid": Self.span, "x-b3-sampled": "1", "baggage": "tenant=acme",
        ]
        #expect(Dictionary(headers.map { ($0.name.lowercased(), $0.value) }) { "\($0) \($1)" } == wanted)
        #expect(Dictionary(fields.map { ($0.name.canonicalName, $0.value) }) { "\($0) \($1)" } == wanted)
    }

    @Test("names that HTTP does not allow are not there, and not written")
    func badNames() {
        var fields = HTTPFields()
        HTTPFieldsInjector().inject("1", forKey: "no name", into: &fields)
        #expect(fields.isEmpty)
        #expect(HTTPFieldsExtractor().extract(key: "no name", from: fields) == nil)
    }
}
