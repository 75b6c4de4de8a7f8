// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

// Which traces a search finds.
extension ContractStores {
    func verifyEmptyStore() async throws {
        let subject = try await empty()
        for search in [
            ContractSearch(), ContractSearch(service: "frontend"),
            ContractSearch(service: "frontend", remote: "backend"),
            ContractSearch(service: "frontend", name: "get"), ContractSearch(service: "frontend", annotations: "foo"),
            ContractSearch(service: "frontend", annotations: "foo=bar"),
            ContractSearch(remote: "backend", name: "get", annotations: "foo", min: 1),
        ] {
            try await subject.expect(search, finds: [])
        }
        try await subject.store.accept([])
        try await subject.expect(ContractSearch(), finds: [])
    }

    func verifyIDsOnly() async throws {
        let subject = try await holding([span(9, of: 9, at: nil, start: nil)])
        try await subject.expect(ContractSearch(), finds: [])
        try await subject.expect(ContractSearch(service: "frontend"), finds: [])
        try await subject.store.accept(newTrace())
        for search in [
            ContractSearch(), ContractSearch(service: "frontend"),
            ContractSearch(service: "frontend", remote: "backend"),
            ContractSearch(service: "frontend", name: "get"), ContractSearch(service: "frontend", annotations: "foo"),
            ContractSearch(service: "frontend", annotations: "http.path=/api"),
        ] {
            try await subject.expect(search, finds: [newTrace()])
        }
    }

    func verifyInterleaved() async throws {
        let (one, two) = (newTrace(1, start: 1000), newTrace(2))
        let subject = try await holding(zip(one, two).flatMap { [$0, $1] })
        try await subject.expect(ContractSearch(), finds: [one, two])
        let (more, yetMore) = (span(4, of: 2, parent: 1, start: 5), span(4, of: 1, parent: 1, start: 1005))
        try await subject.store.accept([more])
        try await subject.store.accept([yetMore])
        try await subject.expect(ContractSearch(), finds: [one + [yetMore], two + [more]])
    }

    func verifyStrictTraceIDs() async throws {
        let spans = [
            span(1, of: 7, named: "short", start: 3, tags: ["foo": "1"]),
            span(1, of: 7, high: 0x463A_C35C_9F64_13AD, named: "long", start: 2, tags: ["foo": "2"]),
            span(1, of: 7, high: 1, named: "padded", start: 1, tags: ["foo": "3"]),
        ]
        let subject = try await holding(spans)
        try await subject.expect(ContractSearch(), finds: spans.map { [$0] })
        for (position, wanted) in spans.enumerated() {
            try await subject.expect(ContractSearch(annotations: "foo=\(position + 1)"), finds: [[wanted]])
            try await subject.expect(trace: wanted.traceID, is: [wanted])
        }
    }

    func verifyLimitAndWindow() async throws {
        let gap: Int64 = 100
        let early = (1...10).map { [span(1, of: $0, start: Int64($0))] }
        let late = (1...10).map { [span(1, of: 100 + $0, start: gap * 1000 + Int64($0))] }
        let subject = try await empty()
        for (one, other) in zip(late, early) { try await subject.store.accept(one + other) }
        let (newest, oldest) = (Array(late.reversed()), Array(early.reversed()))
        try await subject.expect(ContractSearch(), finds: newest + oldest)
        try await subject.expect(ContractSearch(limit: 10), finds: newest)
        try await subject.expect(ContractSearch(service: "frontend", limit: 13), finds: newest + oldest.prefix(3))
        try await subject.expect(ContractSearch(endTs: today + gap + 1, lookback: gap), finds: newest)
        try await subject.expect(ContractSearch(service: "frontend", endTs: today + 1, lookback: gap), finds: oldest)
    }

    func verifyServiceNames() async throws {
        let twin = span(1, high: 5, .client, at: endpoint("elsewhere"), to: endpoint("far"), named: "twin", start: -9)
        let subject = try await holding(newTrace() + [twin])
        try await subject.expect(ContractSearch(service: "frontend"), finds: [newTrace()])
        try await subject.expect(ContractSearch(service: "frontend1"), finds: [])
        try await subject.expect(ContractSearch(service: "front"), finds: [])
        try await subject.expect(ContractSearch(service: "elsewhere"), finds: [[twin]])
        try await subject.expect(ContractSearch(service: "frontend", remote: "backend"), finds: [newTrace()])
        try await subject.expect(ContractSearch(service: "frontend", remote: "backend1"), finds: [])
        try await subject.expect(ContractSearch(service: "frontend", remote: "db"), finds: [])
        try await subject.expect(ContractSearch(service: "frontend", remote: "far"), finds: [])
        try await subject.expect(ContractSearch(remote: "db"), finds: [newTrace()])
        try await subject.expect(ContractSearch(remote: "far"), finds: [[twin]])
    }

    func verifySpanNames() async throws {
        let twin = span(1, high: 5, at: endpoint("elsewhere"), named: "twin", start: -9)
        let subject = try await holding(newTrace() + [twin])
        try await subject.expect(ContractSearch(name: "query"), finds: [newTrace()])
        try await subject.expect(ContractSearch(name: "quer"), finds: [])
        try await subject.expect(ContractSearch(service: "frontend", name: "get"), finds: [newTrace()])
        try await subject.expect(ContractSearch(service: "frontend", name: "query"), finds: [])
        try await subject.expect(ContractSearch(service: "frontend", name: "twin"), finds: [])
        try await subject.expect(ContractSearch(name: "twin"), finds: [[twin]])
        try await subject.expect(ContractSearch(service: "elsewhere", name: "twin"), finds: [[twin]])
        try await subject.expect(ContractSearch(name: "all"), finds: [newTrace(), [twin]])
    }

    func verifyAnyCase() async throws {
        let upper = span(1, of: 2, .client, at: endpoint("Web"), to: endpoint("DB"), named: "POST /Order", start: -9)
        let subject = try await holding(newTrace() + [upper])
        try await subject.expect(
            ContractSearch(service: "FrontEnd", remote: "BACKEND", name: "POST"),
            finds: [newTrace()]
        )
        try await subject.expect(ContractSearch(service: "web", remote: "db", name: "post /order"), finds: [[upper]])
        try await subject.expect(ContractSearch(service: "WEB", remote: "Db", name: "Post /ORDER"), finds: [[upper]])
        try await subject.expect(ContractSearch(remote: "db"), finds: [newTrace(), [upper]])
    }

    func verifyNewestOne() async throws {
        let traces = (1...5).map { [span(1, of: $0, start: Int64($0) * 1000)] }
        let subject = try await holding([traces[2], traces[4], traces[0], traces[3], traces[1]].flatMap { $0 })
        try await subject.expect(ContractSearch(limit: 1), finds: [traces[4]])
        try await subject.expect(ContractSearch(service: "frontend", endTs: today + 3, limit: 1), finds: [traces[2]])
    }

    func verifyWindowEnds() async throws {
        let (one, two) = (span(1, of: 1, start: 1000), span(1, of: 2, start: 2000))
        let subject = try await holding([one, two])
        for service in [nil, "frontend"] {
            try await subject.expect(ContractSearch(service: service, endTs: today + 1), finds: [[one]])
            try await subject.expect(ContractSearch(service: service, endTs: today + 2), finds: [[two], [one]])
            try await subject.expect(ContractSearch(service: service, endTs: today + 3, lookback: 1), finds: [[two]])
            try await subject.expect(
                ContractSearch(service: service, endTs: today + 2, lookback: 1),
                finds: [[two], [one]]
            )
            try await subject.expect(ContractSearch(service: service, endTs: today), finds: [])
        }
    }

    func verifyEndsLater() async throws {
        let late = span(9, parent: 1, at: backend, named: "late", start: 50_000_000, duration: 10_000_000)
        let subject = try await holding(newTrace())
        try await subject.store.accept([late])
        for service in [nil, "frontend", "backend"] {
            let search = ContractSearch(service: service, endTs: today + 1, lookback: 1)
            try await subject.expect(search, finds: [newTrace() + [late]])
        }
    }

    func verifyManyTraces() async throws {
        let wide = (1...101).map { span($0, of: 5000, parent: $0 == 1 ? nil : 1, named: "wide", start: Int64($0)) }
        let subject = try await holding(wide)
        try await subject.expect(ContractSearch(service: "frontend", limit: 2), finds: [wide])
        let traces = (1...1000).map { number in
            [
                span(
                    number,
                    of: number,
                    .client,
                    to: backend,
                    named: "get",
                    start: Int64(number) * 1000,
                    tags: ["kind": "heavy"]
                )
            ]
        }
        try await subject.store.accept(traces.flatMap { $0 })
        let newest = Array(traces.reversed())
        for search in [
            ContractSearch(remote: "backend", limit: 1000), ContractSearch(name: "get", limit: 1000),
            ContractSearch(annotations: "kind=heavy", limit: 1000), ContractSearch(service: "frontend", limit: 1000),
        ] {
            try await subject.expect(search, finds: newest)
        }
        try await subject.expect(ContractSearch(limit: 1001), finds: newest + [wide])
    }

    /// A store may find out late that it has enough; it must have what is newest, and not everything.
    func verifyBoundedAnswer() async throws {
        let traces = (1...2000).map { number in
            (1...3).map { span($0, of: number, start: Int64(number) * 1000) }
        }
        let subject = try await holding(traces.flatMap { $0 }) { $0.maximumAnswerSpans = 5 }
        for service in [nil, "frontend"] {
            let query = try ContractSearch(service: service, limit: 2000).query
            let found = try await subject.store.traces(matching: query)
            let newest = found.prefix(2).map { Set($0) }
            try subject.expect(newest, is: [Set(traces[1999]), Set(traces[1998])], "the newest two of \(query)")
            try subject.expect(found.count < 2000, is: true, "whether traces were left out of \(query)")
        }
    }

    func verifySummaries() async throws {
        let other = newTrace(2, start: 1000) + [span(7, of: 2, parent: 1, at: nil, start: 5_000_000, duration: 8)]
        let subject = try await holding(newTrace() + other)
        for search in [ContractSearch(), ContractSearch(service: "frontend", limit: 1), ContractSearch(name: "none")] {
            let query = try search.query
            let expected = try await subject.store.traces(matching: query).compactMap(TraceSummary.init)
            try subject.expect(
                try await subject.store.summaries(matching: query),
                is: expected,
                "summaries (\(search))"
            )
        }
        let summary = try await subject.store.summaries(matching: try ContractSearch(limit: 1).query).first
        try subject.expect(summary?.id, is: TraceID(high: 0, low: 2), "the id in the newest summary")
        try subject.expect(summary?.spanCount, is: 5, "the number of spans in the newest summary")
        try subject.expect(summary?.errorCount, is: 1, "the number of errors in the newest summary")
        try subject.expect(summary?.services, is: ["frontend": 2, "backend": 2], "the services in the newest summary")
    }
}
