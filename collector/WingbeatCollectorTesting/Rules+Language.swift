// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatCollector
import WingbeatModel

// Searches in the language of searches.
extension ContractStores {
    private static let texts = [
        "", "service:frontend", "service:FRONTEND*", "service:backend error", "service:frontend error",
        "{service:frontend} error", "-error", "-name:get", "name:get", "remote:db", "kind:client -error",
        "duration>=200us", "duration<100us", "duration=350us", "http.path=/api", "http.path!=/api", "has:http.path",
        "clnt/finagle.version:6*", "error:💩", "event:foo", "event:*", "trace.errors=0", "trace.spans>3 backend",
        "trace.duration>=350us", "root.service:frontend root.name:get", "root.service:backend", "odd=\"a b\"",
        "odd>1", "odd<1", "size>10", "size<=7", "error OR odd:*", "(odd:* OR size:7) -error", "{size:7} {odd:*}",
        "region:eu", "service:alone OR remote:backend", "nobody", "service:frontend name:query", "status:ok",
        "0000000000000003", "id:3 service:backend",
    ]

    private static let someTraces: [[SpanRecord]] = {
        var alone = span(1, of: 30, .producer, at: endpoint("alone"), named: "Send", start: 900, tags: ["odd": "a b"])
        alone.status = .ok
        var sizes = span(1, of: 31, .internal, at: nil, named: "size", start: 2_000_000)
        sizes.attributes = [Attribute("size", .int(7)), Attribute("odd", "0.5")]
        sizes.resource = Resource(serviceName: "Sizes", attributes: [Attribute("region", "eu")])
        let late = span(
            2,
            of: 31,
            parent: 1,
            at: endpoint("late"),
            named: "late",
            start: 2_000_100,
            duration: 4_000_000
        )
        return (1...9).map { newTrace($0, start: Int64($0) * 100) } + [
            [alone], [sizes, late], newTrace(40, start: 900),
        ]
    }()

    func verifySearches() async throws {
        let traces = Self.someTraces
        let subject = try await holding(traces.flatMap { $0 })
        for text in Self.texts {
            let expression = try SearchExpression(text)
            let expected = traces.filter { expression.matches($0) }
            let found = try await subject.found(SearchRequest(expression, in: twoDays))
            let question = "search (\(text))"
            try subject.expect(found.end.reason, is: nil, "\(question): the reason to end")
            try subject.expect(
                found.traces.sorted { $0.summary.id.low < $1.summary.id.low },
                is: expected.compactMap(FoundTrace.init).sorted { $0.summary.id.low < $1.summary.id.low },
                question
            )
            let starts = found.traces.map(\.summary.startNanoseconds)
            try subject.expect(starts, is: starts.sorted(by: >), "\(question): the starts, newest first")
        }
    }

    func verifySearchWindows() async throws {
        let subject = try await holding((0..<10).flatMap { newTrace($0 + 1, start: Int64($0) * 1000) })
        for (first, last, ids) in [
            (3, 5, [6, 5, 4]), (0, 0, [1]), (9, 12, [10]), (11, 12, []), (-5, 100, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
        ] as [(Int64, Int64, [UInt64])] {
            let window = (today + first) * 1000...(today + last) * 1000
            let found = try await subject.found(SearchRequest(try SearchExpression("service:frontend"), in: window))
            try subject.expect(found.traces.map(\.summary.id.low), is: ids, "search in \(first)...\(last) ms")
        }
    }

    func verifySearchEnds() async throws {
        let count = 1200
        let traces = (1...count).map { newTrace(UInt64($0), start: Int64($0 / 300)) }
        let subject = try await holding(traces.flatMap { $0 })
        var request = SearchRequest(.everything, in: twoDays)
        let all = try await subject.found(request)
        try subject.expect(Set(all.traces.map(\.summary.id.low)).count, is: count, "all that a search finds, each once")
        try subject.expect(all.traces.count, is: count, "how many a search finds")
        try subject.expect(all.end, is: SearchEnd(searched: 4 * count), "the end of a search that looks at all")
        let few = try await subject.found(request, atMost: 7)
        let starts = { (traces: [FoundTrace]) in traces.map(\.summary.startNanoseconds) }
        let newest = Array(starts(all.traces).prefix(7))
        try subject.expect(starts(few.traces), is: newest, "a search that is told to stop after seven")
        try subject.expect(few.end.reason, is: nil, "the reason of a search that was told to stop")
        request.maximumSpans = 40
        let cut = try await subject.found(request)
        try subject.expect(cut.end.reason, is: "40 spans were looked at", "the reason of a search with a budget")
        try subject.expect(cut.end.searched, is: 40, "how many spans a search with a budget of 40 looks at")
        try subject.expect(cut.traces.count, is: 10, "what a search with a budget of 40 spans finds")
    }

    /// Yesterday, today and tomorrow.
    private var twoDays: ClosedRange<Int64> { (today - day) * 1000...(today + day) * 1000 }
}

extension ContractStore {
    /// What a search finds, and how it ends.
    func found(
        _ request: SearchRequest,
        atMost limit: Int = .max
    ) async throws -> (traces: [FoundTrace], end: SearchEnd) {
        let found = FoundTraces(limit: limit)
        let end = try await store.search(request) { found.take($0) }
        return (found.traces, end)
    }
}

private final class FoundTraces: Sendable {
    private let limit: Int
    private let state = Mutex<[FoundTrace]>([])

    init(limit: Int) {
        self.limit = limit
    }

    var traces: [FoundTrace] { state.withLock { $0 } }

    func take(_ step: SearchStep) -> Bool {
        guard case .found(let trace) = step else { return true }
        return state.withLock { traces in
            traces.append(trace)
            return traces.count < limit
        }
    }
}
