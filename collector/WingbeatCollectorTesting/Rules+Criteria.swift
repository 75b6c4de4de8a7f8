// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

// What a search can ask of the spans of a trace.
extension ContractStores {
    func verifyAllTags() async throws {
        let subject = try await holding(newTrace())
        let tags = "clnt/finagle.version=6.45.0 and http.path=/api"
        try await subject.expect(ContractSearch(service: "frontend", annotations: tags), finds: [newTrace()])
        try await subject.expect(ContractSearch(annotations: tags), finds: [newTrace()])
        try await subject.expect(ContractSearch(service: "frontend", annotations: tags + " and a=b"), finds: [])
        try await subject.expect(ContractSearch(annotations: "http.path=/ap"), finds: [])
        try await subject.expect(ContractSearch(annotations: "http.pat"), finds: [])
    }

    func verifyDurationBounds() async throws {
        let trace = [span(1, named: "get", duration: 200_000)]
        let subject = try await holding(trace)
        for service in [nil, "frontend"] {
            func expect(_ min: Int64, _ max: Int64? = nil, finds expected: [[SpanRecord]]) async throws {
                try await subject.expect(ContractSearch(service: service, min: min, max: max), finds: expected)
            }
            try await expect(200_000, finds: [trace])
            try await expect(200_001, finds: [])
            try await expect(199_998, 200_000, finds: [trace])
            try await expect(200_000, 200_000, finds: [trace])
            try await expect(199_998, 199_999, finds: [])
        }
    }

    func verifyLateDuration() async throws {
        let start = span(1, .client, to: backend, named: "get")
        let end = span(1, .client, named: "", start: nil, duration: 5000, annotations: ["done"])
        let subject = try await holding([start])
        try await subject.expect(ContractSearch(service: "frontend", min: 5000), finds: [])
        try await subject.store.accept([end])
        try await subject.expect(ContractSearch(service: "frontend", min: 5000), finds: [[start, end]])
        try await subject.expect(ContractSearch(name: "get", min: 5000, max: 5000), finds: [[start, end]])
        try await subject.expect(trace: start.traceID, is: [start, end])
    }

    func verifyEmptyTag() async throws {
        let failed = [span(1, named: "get", tags: ["error": ""])]
        let subject = try await holding(failed + [span(1, of: 2, named: "get", start: 1)])
        try await subject.expect(ContractSearch(service: "frontend", annotations: "error"), finds: [failed])
        try await subject.expect(ContractSearch(annotations: "error="), finds: [failed])
        try await subject.expect(ContractSearch(annotations: "error=1"), finds: [])
    }

    func verifyLongTag() async throws {
        let long = [span(1, named: "get", tags: ["sql": String(repeating: "é", count: 100_000)])]
        let subject = try await holding(long)
        try await subject.expect(ContractSearch(service: "frontend", annotations: "sql"), finds: [long])
        try await subject.expect(trace: long[0].traceID, is: long)
    }

    func verifyOddNames() async throws {
        let name = #"{"foo":"bar","x":[1,2]}"#
        let first = span(1, named: name, tags: ["http.path": "/a"])
        let second = span(1, named: name, start: 5, tags: ["http.path.morepath": "/b", "a b": "x=y"])
        let subject = try await holding([first])
        try await subject.store.accept([second])
        let both = [[first, second]]
        try await subject.expect(ContractSearch(service: "frontend", name: name), finds: both)
        try await subject.expect(ContractSearch(annotations: "http.path=/a and http.path.morepath=/b"), finds: both)
        try await subject.expect(ContractSearch(annotations: "a b=x=y"), finds: both)
        try await subject.expect(ContractSearch(annotations: "http.path=/b"), finds: [])
        try await subject.expect(ContractSearch(annotations: "http"), finds: [])
    }

    func verifyDurationOfService() async throws {
        func trace(_ number: UInt64, _ durations: (frontend: UInt64, backend: UInt64, db: UInt64)) -> [SpanRecord] {
            let start = -Int64(number)
            return [
                span(
                    1,
                    of: number,
                    .client,
                    to: backend,
                    named: "get",
                    start: start,
                    duration: durations.frontend * 1000
                ),
                span(
                    2,
                    of: number,
                    parent: 1,
                    at: backend,
                    named: "post",
                    start: start,
                    duration: durations.backend * 1000
                ),
                span(
                    3,
                    of: number,
                    parent: 2,
                    at: database,
                    named: "query",
                    start: start,
                    duration: durations.db * 1000
                ),
            ]
        }
        let (one, two, three) = (trace(1, (200, 150, 40)), trace(2, (100, 100, 200)), trace(3, (60, 50, 30)))
        let subject = try await holding(one + two + three)
        func expect(_ search: ContractSearch, _ expected: [SpanRecord]...) async throws {
            try await subject.expect(search, finds: expected)
        }
        try await expect(ContractSearch(service: "frontend", min: 200_000), one)
        try await expect(ContractSearch(service: "db", min: 200_000), two)
        try await expect(ContractSearch(min: 200_000), one, two)
        try await expect(ContractSearch(service: "backend", min: 50_000, max: 150_000), one, two, three)
        try await expect(ContractSearch(service: "backend", min: 50_000, max: 50_000), three)
        try await expect(ContractSearch(service: "frontend", remote: "backend", min: 100_000), one, two)
        try await expect(ContractSearch(service: "db", remote: "backend", min: 200_000))
        try await expect(ContractSearch(service: "backend", name: "post", min: 150_000), one)
        try await expect(ContractSearch(service: "backend", name: "get", min: 150_000))
    }

    func verifyLateStart() async throws {
        let early = span(1, named: "get", start: nil, duration: 7, tags: ["a": "b"])
        let late = span(1, named: "get", start: 5)
        let subject = try await holding([early])
        try await subject.expect(ContractSearch(service: "frontend"), finds: [])
        try await subject.expect(ContractSearch(annotations: "a=b"), finds: [])
        try await subject.expect(trace: early.traceID, is: [early])
        try await subject.store.accept([late])
        try await subject.expect(ContractSearch(service: "frontend"), finds: [[early, late]])
        try await subject.expect(ContractSearch(annotations: "a=b", min: 7), finds: [[early, late]])
    }

    func verifyFlags() async throws {
        var client = span(1, .client, named: "get")
        client.isDebug = true
        let server = span(1, .server, at: backend, named: "get", isShared: true)
        let subject = try await holding([client, server])
        try await subject.expect(ContractSearch(), finds: [[client, server]])
        try await subject.expect(trace: client.traceID, is: [client, server])
        try await subject.expect(traces: [client.traceID], are: [[client, server]])
    }

    func verifyWords() async throws {
        let annotated = [span(1, of: 1, start: 2, annotations: ["cache miss"])]
        let tagged = [span(1, of: 2, start: 1, tags: ["retry": "2"])]
        let subject = try await holding(annotated + tagged + [span(1, of: 3)])
        for service in [nil, "frontend"] {
            try await subject.expect(ContractSearch(service: service, annotations: "cache miss"), finds: [annotated])
            try await subject.expect(ContractSearch(service: service, annotations: "retry=2"), finds: [tagged])
            try await subject.expect(ContractSearch(service: service, annotations: "retry"), finds: [tagged])
            try await subject.expect(ContractSearch(service: service, annotations: "retry=3"), finds: [])
            try await subject.expect(ContractSearch(service: service, annotations: "cache"), finds: [])
            try await subject.expect(ContractSearch(service: service, annotations: "2"), finds: [])
        }
        try await subject.expect(ContractSearch(service: "backend", annotations: "retry=2"), finds: [])
    }

    func verifyConjunction() async throws {
        let one = [span(1, of: 1, start: 4, annotations: ["foo"])]
        let two = [span(1, of: 2, start: 3, tags: ["baz": "other"], annotations: ["foo"])]
        let three = [span(1, of: 3, start: 2, annotations: ["foo", "bar"])]
        let four = [
            span(1, of: 4, start: 1, annotations: ["foo", "bar"]),
            span(2, of: 4, parent: 1, start: 2, tags: ["baz": "qux"]),
        ]
        let subject = try await holding(one + two + three + four)
        func expect(_ annotations: String, _ expected: [SpanRecord]...) async throws {
            try await subject.expect(ContractSearch(service: "frontend", annotations: annotations), finds: expected)
            try await subject.expect(ContractSearch(annotations: annotations), finds: expected)
        }
        try await expect("foo", one, two, three, four)
        try await expect("foo and bar", three, four)
        try await expect("foo and bar and baz=qux", four)
        try await expect("baz", two, four)
        try await expect("baz=qux and baz=other", two)  // the last of a key counts
        try await expect("foo and nothing")
    }

    func verifyRecordedByService() async throws {
        let trace = [
            span(1, .client, to: backend, named: "get", tags: ["local": "f"], annotations: ["web"]),
            span(
                1,
                .server,
                at: backend,
                named: "get",
                start: 5,
                isShared: true,
                tags: ["remote": "b"],
                annotations: ["app"]
            ),
        ]
        let subject = try await holding(trace)
        for word in ["web", "local", "local=f"] {
            try await subject.expect(ContractSearch(service: "frontend", annotations: word), finds: [trace])
            try await subject.expect(ContractSearch(service: "backend", annotations: word), finds: [])
        }
        for word in ["app", "remote", "remote=b"] {
            try await subject.expect(ContractSearch(service: "backend", annotations: word), finds: [trace])
            try await subject.expect(ContractSearch(service: "frontend", annotations: word), finds: [])
        }
        try await subject.expect(ContractSearch(annotations: "web and remote=b"), finds: [trace])
    }
}
