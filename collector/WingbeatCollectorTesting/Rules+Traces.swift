// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

// Traces by id, and how they differ where ids need not be strict.
extension ContractStores {
    func verifyUnknownTrace() async throws {
        let trace = newTrace(7, high: 9)
        let subject = try await holding(trace)
        try await subject.expect(trace: trace[0].traceID, is: trace)
        for unknown in [TraceID(high: 0, low: 7), TraceID(high: 9, low: 8), TraceID(high: 8, low: 7)] {
            try await subject.expect(trace: unknown ?? .smallest, is: [])
        }
    }

    func verifySeveralTraces() async throws {
        let (one, two) = (newTrace(1), newTrace(2, start: 5))
        let (first, second) = (one[0].traceID, two[0].traceID)
        let unknown = TraceID(high: 0, low: 99) ?? .smallest
        let subject = try await holding(one + two + newTrace(3))
        try await subject.expect(traces: [first, unknown, second], are: [one, two])
        try await subject.expect(traces: [second, second], are: [two])
        try await subject.expect(traces: [unknown], are: [])
        try await subject.expect(traces: [], are: [])
    }

    func verifyDuplicates() async throws {
        let trace = newTrace()
        let subject = try await holding(trace + [trace[1]])
        try await subject.store.accept(trace)
        try await subject.store.accept([trace[3]])
        try await subject.expect(trace: trace[0].traceID, is: trace)
        try await subject.expect(ContractSearch(service: "frontend"), finds: [trace])
    }

    func verifyEverythingKept() async throws {
        let spans = [fullSpan(), span(2, of: 7, high: 9, parent: 1, .producer, at: nil, start: nil)]
        let subject = try await holding(spans)
        try await subject.expect(trace: spans[0].traceID, is: spans)
        let found = try await subject.store.traces(matching: try ContractSearch(name: "ÄÖ 麦 😀").query)
        try subject.expect(Set(found.flatMap { $0 }), is: Set(spans), "the spans of a search")
    }

    private func fullSpan() -> SpanRecord {
        var span = span(
            1,
            of: 7,
            high: 9,
            .internal,
            to: NetworkEndpoint(ipv4: "1.2.3.4", port: 65_535),
            named: "ÄÖ 麦 😀"
        )
        span.traceState = "a=1,b=2"
        span.flags = 0x301
        span.startNanoseconds += 123
        span.durationNanoseconds = 987_654_321
        span.status = .error("out of \u{2028} tea")
        span.attributes = [
            Attribute("text", "a\u{0}\"\\\n"), Attribute("true", true), Attribute("number", .int(.min)),
            Attribute("real", 0.1), Attribute("list", .array(["a", 1, .array([])])),
            Attribute("bytes", .bytes([0, 255])),
            Attribute("map", .map([Attribute("b", 2), Attribute("a", .empty)])), Attribute("text", "twice"),
        ]
        let stamp = span.startNanoseconds + 1
        span.events = [
            SpanRecord.Event(nanoseconds: stamp, name: "event", attributes: [Attribute("key", 1.5)]),
            SpanRecord.Event(nanoseconds: stamp - 1, name: ""),
        ]
        var link = SpanRecord.Link(traceID: span.traceID, spanID: span.id, attributes: [Attribute("why", "batch")])
        link.traceState = "c=3"
        link.flags = 1
        link.droppedAttributes = 4
        span.links = [link]
        span.dropped.attributes = 1
        span.dropped.events = 2
        span.dropped.links = 3
        span.resource = Resource(
            serviceName: "Frontend",
            attributes: [Attribute("host.name", "h"), Attribute("pid", 42)]
        )
        span.scope = InstrumentationScope(name: "lib", version: "1.0", attributes: [Attribute("x", "y")])
        span.isDebug = true
        return span
    }

    func verifyLenientSearch() async throws {
        let trace = Self.mixedTrace
        let subject = try await holding(trace) { $0.strictTraceID = false }
        for search in [
            ContractSearch(), ContractSearch(service: "frontend"), ContractSearch(service: "backend"),
            ContractSearch(service: "frontend", annotations: "foo"),
            ContractSearch(service: "backend", annotations: "error"),
            ContractSearch(annotations: "foo and error"), ContractSearch(remote: "db", name: "query"),
        ] {
            try await subject.expect(search, finds: [trace])
        }
        try await subject.expect(ContractSearch(service: "frontend", annotations: "error"), finds: [])
    }

    func verifyLenientTrace() async throws {
        let trace = Self.mixedTrace
        let subject = try await holding(trace + newTrace(8)) { $0.strictTraceID = false }
        for id in Self.mixedIDs { try await subject.expect(trace: id, is: trace) }
        try await subject.expect(trace: newTrace(8)[0].traceID, is: newTrace(8))
    }

    func verifyLenientTraces() async throws {
        let trace = Self.mixedTrace
        let other = newTrace(8, start: 9)
        let subject = try await holding(trace + other) { $0.strictTraceID = false }
        let ids = Self.mixedIDs
        try await subject.expect(traces: ids, are: [trace])
        try await subject.expect(traces: ids.reversed() + [other[0].traceID], are: [trace, other])
        for id in ids { try await subject.expect(traces: [id], are: [trace]) }
    }

    /// A trace whose frontend knows 128 bits of its id and whose backend 64.
    private static var mixedTrace: [SpanRecord] {
        Array(newTrace(7, high: 9).prefix(2)) + Array(newTrace(7).dropFirst(2))
    }

    private static var mixedIDs: [TraceID] {
        [TraceID(high: 9, low: 7), TraceID(high: 0, low: 7)].compactMap { $0 }
    }
}
