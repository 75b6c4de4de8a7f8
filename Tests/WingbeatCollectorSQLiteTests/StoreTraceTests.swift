// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatCollectorSQLite
import WingbeatModel

@Suite("A store gives back a trace by its id")
struct StoreTraceTests {
    @Test("an unknown id has no spans")
    func unknown() async throws {
        let subject = try StoreUnderTest()
        let id = try #require(TraceID(high: 0, low: 1))
        #expect(try await subject.store.trace(id).isEmpty)
        try await subject.store.accept(newTrace(2))
        #expect(try await subject.store.trace(id).isEmpty)
    }

    @Test("a 128-bit id is not found by its low half, nor the other way round")
    func strict() async throws {
        let subject = try await StoreUnderTest(holding: newTrace(7, high: 9) + newTrace(8))
        #expect(try await subject.store.trace(try #require(TraceID(high: 9, low: 7))) == newTrace(7, high: 9))
        #expect(try await subject.store.trace(try #require(TraceID(high: 0, low: 7))).isEmpty)
        #expect(try await subject.store.trace(try #require(TraceID(high: 9, low: 8))).isEmpty)
        #expect(try await subject.store.trace(try #require(TraceID(high: 7, low: 9))).isEmpty)
    }

    @Test("ids with their highest bits set are kept")
    func largeIDs() async throws {
        let large = span(.max, of: .max, high: .max, parent: .max - 1)
        let subject = try await StoreUnderTest(holding: [large])
        #expect(try await subject.store.trace(large.traceID) == [large])
        #expect(try await subject.search() == [[large]])
    }

    @Test("a span that is posted twice comes back once; one that differs in anything comes back beside it")
    func duplicates() async throws {
        let subject = try await StoreUnderTest(holding: newTrace())
        try await subject.store.accept(newTrace() + newTrace())
        #expect(try await subject.store.trace(newTrace()[0].traceID) == newTrace())
        var other = newTrace()[0]
        other.durationNanoseconds += 1
        try await subject.store.accept([other])
        #expect(try await subject.store.trace(other.traceID) == newTrace() + [other])
    }

    @Test("what OpenTelemetry can say comes back too: types, links, status, resource")
    func everything() async throws {
        #expect(try await StoreUnderTest(holding: [everySpanPart]).search() == [[everySpanPart]])
    }
}

@Suite("A store knows the names of services and spans")
struct StoreNameTests {
    @Test("an empty store knows none")
    func empty() async throws {
        let store = try StoreUnderTest().store
        #expect(try await store.services().isEmpty)
        #expect(try await store.spanNames(ofService: "frontend").isEmpty)
        #expect(try await store.remoteServices(ofService: "frontend").isEmpty)
    }

    @Test("services are those that recorded spans, not those that were called; sorted, in lower case")
    func services() async throws {
        let store = try await StoreUnderTest(
            holding: newTrace() + [
                span(1, of: 2, at: NetworkEndpoint(serviceName: "Admin")), span(2, of: 2, at: nil),
                span(3, of: 2, at: NetworkEndpoint(ipv4: "1.2.3.4")), span(4, of: 2, at: nil, to: database),
            ]
        ).store
        #expect(try await store.services() == ["admin", "backend", "frontend"])
    }

    @Test("each of 51 other sides is known once; a service that called nobody has none")
    func remoteServices() async throws {
        let names = (1...51).map { "remote-\($0)" }
        let calls = (names + names).enumerated().map { position, name in
            span(UInt64(position + 1), .client, to: NetworkEndpoint(serviceName: name))
        }
        let store = try await StoreUnderTest(holding: calls + [span(99, at: backend)]).store
        #expect(try await store.remoteServices(ofService: "frontend") == names.sorted())
        #expect(try await store.remoteServices(ofService: "FRONTEND") == names.sorted())
        #expect(try await store.remoteServices(ofService: "backend").isEmpty)
        #expect(try await store.remoteServices(ofService: "unknown").isEmpty)
        #expect(try await store.remoteServices(ofService: "remote-1").isEmpty)
    }

    @Test("each of 51 names of spans is known once, of the service that recorded it")
    func spanNames() async throws {
        let names = (1...51).map { "Name-\($0)" }
        let spans = (names + names).enumerated().map { position, name in
            span(UInt64(position + 1), .client, to: backend, named: name)
        }
        let store = try await StoreUnderTest(holding: spans + [span(999)]).store
        #expect(try await store.spanNames(ofService: "frontend") == names.map { $0.lowercased() }.sorted())
        #expect(try await store.spanNames(ofService: "FrontEnd").count == 51)
        #expect(try await store.spanNames(ofService: "backend").isEmpty)
        #expect(try await store.spanNames(ofService: "unknown").isEmpty)
    }

    @Test("names that a text in C would cut short are kept apart, and cost nobody else's spans")
    func namesWithNUL() async throws {
        let subject = try StoreUnderTest()
        let odd = NetworkEndpoint(serviceName: "web\u{0}2")
        try await subject.store.accept([span(1, of: 1, at: NetworkEndpoint(serviceName: "web"), named: "a")])
        try await subject.store.accept([span(1, of: 2, at: odd, to: odd, named: "a\u{0}b"), span(1, of: 3, named: "c")])
        #expect(try await subject.store.services() == ["frontend", "web", "web\u{0}2"])
        #expect(try await subject.store.spanNames(ofService: "web\u{0}2") == ["a\u{0}b"])
        #expect(try await subject.store.remoteServices(ofService: "web\u{0}2") == ["web\u{0}2"])
        #expect(try await subject.found(service: "web\u{0}2") == [2])
        #expect(try await subject.found(service: "web") == [1])
    }
}
