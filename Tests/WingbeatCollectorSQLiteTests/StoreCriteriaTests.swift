// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatCollectorSQLite
import WingbeatModel

@Suite("A store finds traces by tags, annotations and durations")
struct StoreCriteriaTests {
    @Test("all tags of a span find it, one that it does not have does not")
    func allTags() async throws {
        let subject = try await StoreUnderTest(holding: newTrace())
        let tags = "http.path=/api and clnt/finagle.version=6.45.0"
        #expect(try await subject.found(annotations: tags) == [1])
        #expect(try await subject.found(annotations: tags + " and http.path=/other").isEmpty)
        #expect(try await subject.found(annotations: tags + " and unknown").isEmpty)
    }

    @Test("an error without a text is found by its name, and comes back with its empty text")
    func minimalError() async throws {
        let failed = span(1, tags: ["error": ""])
        let subject = try await StoreUnderTest(holding: [failed])
        #expect(try await subject.search(annotations: "error") == [[failed]])
        #expect(try await subject.search(annotations: "error=1").isEmpty)
    }

    @Test("a long tag comes back whole, and so does any other text")
    func longTag() async throws {
        let long = String(repeating: "x💩", count: 5000)
        let odd = span(1, named: #"{"foo":"bar"}"#, tags: ["long": long, "nul": "a\u{0}b", "": "no key"])
        let subject = try await StoreUnderTest(holding: [odd])
        #expect(try await subject.search() == [[odd]])
        #expect(try await subject.search(name: #"{"foo":"bar"}"#, annotations: "long=\(long)") == [[odd]])
    }

    @Test("tag keys of which one begins like the other do not get mixed up across fragments")
    func similarKeys() async throws {
        let one = span(1, tags: ["http.path": "/a"])
        let two = span(2, parent: 1, tags: ["http.path.morepath": "/b"])
        let subject = try StoreUnderTest()
        try await subject.store.accept([one])
        try await subject.store.accept([two])
        #expect(try await subject.search(annotations: "http.path=/a and http.path.morepath=/b") == [[one, two]])
        #expect(try await subject.search(annotations: "http.path=/b").isEmpty)
    }

    @Test("words are looked for together: each one more finds fewer traces")
    func anded() async throws {
        let subject = try await StoreUnderTest(holding: [
            span(1, of: 1, start: 1, annotations: ["foo"]),
            span(1, of: 2, start: 2, annotations: ["foo", "bar"]),
            span(1, of: 3, start: 3, tags: ["baz": "qux"], annotations: ["foo"]),
            span(1, of: 4, start: 4, tags: ["baz": "qux"], annotations: ["foo", "bar"]),
        ])
        #expect(try await subject.found(annotations: "foo") == [4, 3, 2, 1])
        #expect(try await subject.found(annotations: "foo and bar") == [4, 2])
        #expect(try await subject.found(annotations: "foo and bar and baz=qux") == [4])
        #expect(try await subject.found(annotations: "baz") == [4, 3])
        #expect(try await subject.found(service: "frontend", annotations: "baz=qux") == [4, 3])
    }

    @Test("only what the service itself recorded counts, but the whole trace is returned")
    func ofService() async throws {
        let subject = try await StoreUnderTest(holding: newTrace())
        for (service, query) in [("frontend", "foo"), ("frontend", "http.path=/api"), ("backend", "error=💩")] {
            #expect(try await subject.search(service: service, annotations: query) == [newTrace()])
        }
        for (service, query) in [("backend", "foo"), ("backend", "http.path=/api"), ("frontend", "error")] {
            #expect(try await subject.search(service: service, annotations: query).isEmpty)
        }
    }

    @Test("a duration's ends belong to it")
    func durationEnds() async throws {
        let subject = try await StoreUnderTest(holding: [span(1, duration: 200)])
        #expect(try await subject.found(min: 200) == [1])
        #expect(try await subject.found(min: 201).isEmpty)
        #expect(try await subject.found(min: 1, max: 200) == [1])
        #expect(try await subject.found(min: 198, max: 199).isEmpty)
    }

    @Test("a duration is that of one span of the service, together with its other side and name")
    func durationOfService() async throws {
        let subject = try await StoreUnderTest(holding: [
            span(1, of: 1, .client, to: backend, named: "slow", start: 3, duration: 200),
            span(2, of: 1, parent: 1, .server, at: backend, start: 4, duration: 50),
            span(1, of: 2, start: 2, duration: 100),
            span(2, of: 2, parent: 1, .server, at: backend, start: 3, duration: 100),
            span(3, of: 2, parent: 2, at: database, start: 4, duration: 200),
            span(1, of: 3, at: backend, start: 1, duration: 150),
        ])
        #expect(try await subject.found(service: "frontend", min: 200) == [1])
        #expect(try await subject.found(service: "db", min: 200) == [2])
        #expect(try await subject.found(service: "backend", min: 50, max: 150) == [1, 2, 3])
        #expect(try await subject.found(service: "backend", min: 50, max: 50) == [1])
        #expect(try await subject.found(service: "frontend", remote: "backend", min: 100) == [1])
        #expect(try await subject.found(service: "frontend", name: "slow", min: 1) == [1])
        #expect(try await subject.found(min: 200) == [1, 2])
    }

    @Test("a duration that arrives later is found, and both fragments come back as they came")
    func lateDuration() async throws {
        let early = span(1, named: "get")
        let late = span(1, start: nil, duration: 1000)
        let subject = try await StoreUnderTest(holding: [early])
        #expect(try await subject.search(min: 1000).isEmpty)
        try await subject.store.accept([late])
        #expect(try await subject.search(min: 1000) == [[early, late]])
        #expect(try await subject.search(service: "frontend", min: 1000, max: 1000) == [[early, late]])
    }

    @Test("a span without any time is not found until a fragment tells one")
    func lateTimestamp() async throws {
        let untimed = span(1, named: "get", start: nil)
        let timed = span(1, duration: 1)
        let subject = try await StoreUnderTest(holding: [untimed])
        #expect(try await subject.search().isEmpty)
        #expect(try await subject.search(service: "frontend").isEmpty)
        #expect(try await subject.store.trace(untimed.traceID) == [untimed])
        try await subject.store.accept([timed])
        #expect(try await subject.search(service: "frontend", name: "get") == [[untimed, timed]])
    }

    @Test("the debug flag of the client and the shared flag of the server stay apart")
    func flags() async throws {
        var client = span(1, .client)
        client.isDebug = true
        var server = span(1, .server, at: backend)
        server.isShared = true
        let subject = try await StoreUnderTest(holding: [client, server])
        #expect(try await subject.search() == [[client, server]])
        #expect(try await subject.store.trace(client.traceID) == [client, server])
    }

    @Test("a trace of 101 spans is one trace; a thousand traces are all found")
    func many() async throws {
        let big = (1...101).map { span($0, of: 5000, parent: $0 == 1 ? nil : 1, start: -1) }
        let subject = try await StoreUnderTest(holding: big)
        #expect(try await subject.search(limit: 1) == [big])
        let traces = (1...1000).map { number in
            [
                span(1, of: number, .client, to: backend, named: "work", start: Int64(number) * 1000, tags: ["a": "b"]),
                span(2, of: number, parent: 1, at: backend, start: Int64(number) * 1000 + 1),
            ]
        }
        try await subject.store.accept(traces.flatMap { $0 })
        let newestFirst = Array(traces.reversed())
        #expect(try await subject.search(service: "backend", limit: 1000) == newestFirst)
        #expect(try await subject.search(remote: "backend", limit: 1000) == newestFirst)
        #expect(try await subject.search(name: "work", limit: 1000) == newestFirst)
        #expect(try await subject.search(annotations: "a=b", limit: 1000) == newestFirst)
        #expect(try await subject.search(limit: 2000).count == 1001)
    }
}
