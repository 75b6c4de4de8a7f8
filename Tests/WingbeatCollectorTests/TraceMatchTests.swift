// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatModel

@Suite("Which traces a search finds")
struct TraceMatchTests {
    private static let day: Int64 = 86_400_000
    private static let midnight = Int64(today / 1000)

    private func matches(
        _ spans: [SpanRecord],
        service: String? = nil,
        remote: String? = nil,
        name: String? = nil,
        annotations: String? = nil,
        min: Int64? = nil,
        max: Int64? = nil,
        endTs: Int64 = midnight + day,
        lookback: Int64 = 2 * day
    ) throws -> Bool {
        try TraceQuery(
            serviceName: service,
            remoteServiceName: remote,
            spanName: name,
            annotationQuery: annotations,
            minDuration: min,
            maxDuration: max,
            endTs: endTs,
            lookback: lookback
        ).matches(spans)
    }

    @Test("no spans, and spans without any timestamp, never match")
    func empty() throws {
        #expect(try !matches([]))
        #expect(try !matches([span(1, at: frontend, named: "get")]))
        #expect(TraceQuery.timestamp(of: []) == nil)
        #expect(TraceQuery.timestamp(of: [span(1)]) == nil)
    }

    @Test("a trace begins with its root, or else with its earliest span")
    func timestamp() {
        let child = span(2, parent: 1, start: 5)
        #expect(TraceQuery.timestamp(of: [child, span(1, start: 10)]) == Int64(today + 10))
        #expect(TraceQuery.timestamp(of: [span(3, parent: 2, start: 9), child]) == Int64(today + 5))
        #expect(TraceQuery.timestamp(of: [child, span(1)]) == Int64(today + 5))
    }

    @Test("both ends of the window belong to it")
    func window() throws {
        let spans = [span(1, start: 2000)]
        #expect(try matches(spans, endTs: Self.midnight + 2, lookback: 1))
        #expect(try matches(spans, endTs: Self.midnight + 3, lookback: 1))
        #expect(try !matches(spans, endTs: Self.midnight + 1, lookback: 1))
        #expect(try !matches(spans, endTs: Self.midnight + 4, lookback: 1))
    }

    @Test(
        "each criterion finds what it names, in any case, and nothing else",
        arguments: [
            ("frontend", nil, nil, true), ("FRONTEND", nil, nil, true), ("frontend1", nil, nil, false),
            ("front", nil, nil, false), ("kafka", nil, nil, false), ("db", nil, nil, false),
            (nil, "backend", nil, true), (nil, "frontend", nil, false), ("frontend", "BACKEND", nil, true),
            ("backend", "backend", nil, false), ("backend", "db", nil, true),
            (nil, nil, "get", true), (nil, nil, "GET", true), (nil, nil, "put", false), (nil, nil, "all", true),
            ("frontend", nil, "query", false), ("backend", nil, "query", true),
            ("frontend", "backend", "get", true),
        ] as [(String?, String?, String?, Bool)]
    )
    func names(service: String?, remote: String?, name: String?, isFound: Bool) throws {
        #expect(try matches(newTrace, service: service, remote: remote, name: name) == isFound)
    }

    @Test(
        "words and pairs are looked for in what the service itself recorded, and all must be there",
        arguments: [
            (nil, "foo", true), (nil, "bar", false), (nil, "http.path", true), (nil, "http.path=/api", true),
            (nil, "http.path=/API", false), (nil, "http.path=", true), (nil, "/api", false), (nil, "error", true),
            (nil, "error=1", false), (nil, "foo and http.path=/api and error", true), (nil, "foo and bar", false),
            (nil, "foo=", true), (nil, "foo=1", false),
            ("frontend", "foo", true), ("frontend", "foo and http.path=/api", true), ("frontend", "error", false),
            ("backend", "foo", false), ("backend", "error", true), ("backend", "http.path", false),
        ] as [(String?, String, Bool)]
    )
    func annotations(service: String?, query: String, isFound: Bool) throws {
        #expect(try matches(newTrace, service: service, annotations: query) == isFound)
    }

    @Test("a tag that follows from the status is found like any other")
    func statusTag() throws {
        var failed = span(1, at: frontend, start: 1)
        failed.status = .error("timed out")
        #expect(try matches([failed], annotations: "error"))
        #expect(try matches([failed], annotations: "error=timed out"))
        #expect(try !matches([failed], annotations: "error=other"))
    }

    @Test(
        "a duration is that of one span of the service, both ends included",
        arguments: [
            (nil, 350, nil, true), (nil, 351, nil, false), (nil, 350, 350, true), (nil, 348, 349, false),
            (nil, 50, 50, true), (nil, 51, 149, false), ("frontend", 200, 200, true), ("backend", 200, nil, false),
            ("backend", 150, nil, true), ("backend", 50, 150, true), ("db", 1, nil, false),
        ] as [(String?, Int64, Int64?, Bool)]
    )
    func durations(service: String?, min: Int64, max: Int64?, isFound: Bool) throws {
        #expect(try matches(newTrace, service: service, min: min, max: max) == isFound)
    }

    @Test("different spans of the service may meet different criteria")
    func differentSpans() throws {
        #expect(
            try matches(newTrace, service: "frontend", remote: "backend", name: "get", annotations: "foo", min: 350)
        )
        #expect(try !matches(newTrace, service: "backend", remote: "db", name: "get"))
    }

    @Test("a span that knows only its resource's service, and its other side from attributes, is found by both")
    func openTelemetryNames() throws {
        var call = span(1, .client, named: "call", start: 1)
        call.resource = Resource(serviceName: "Shop")
        call.attributes = [Attribute("server.address", "Payments")]
        #expect(try matches([call], service: "shop", remote: "payments"))
        #expect(try !matches([call], service: "payments"))
    }
}
