// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatCollectorSQLite
import WingbeatModel

@Suite("A store finds the traces that a search asks for, and no others")
struct StoreSearchTests {
    @Test("an empty store finds nothing, whatever the search")
    func empty() async throws {
        let subject = try StoreUnderTest()
        #expect(try await subject.search().isEmpty)
        #expect(try await subject.search(service: "frontend").isEmpty)
        #expect(try await subject.search(service: "frontend", remote: "backend").isEmpty)
        #expect(try await subject.search(service: "frontend", name: "get").isEmpty)
        #expect(try await subject.search(service: "frontend", annotations: "foo").isEmpty)
        #expect(try await subject.search(service: "frontend", annotations: "foo=bar").isEmpty)
        #expect(try await subject.search(remote: "backend", name: "get", annotations: "foo", min: 1).isEmpty)
        #expect(try await subject.links().isEmpty)
        try await subject.store.accept([])
        #expect(try await subject.search().isEmpty)
    }

    @Test("a span of which only the ids are known disturbs no search")
    func idsOnly() async throws {
        let subject = try await StoreUnderTest(holding: [span(9, of: 9, at: nil, start: nil)])
        #expect(try await subject.search().isEmpty)
        #expect(try await subject.search(service: "frontend").isEmpty)
        try await subject.store.accept(newTrace())
        #expect(try await subject.search() == [newTrace()])
        #expect(try await subject.search(service: "frontend", name: "get", annotations: "foo") == [newTrace()])
    }

    @Test("spans of two traces that arrive in turns come back trace by trace")
    func interleaved() async throws {
        let one = newTrace(1, start: 1000)
        let two = newTrace(2)
        let subject = try await StoreUnderTest(holding: zip(one, two).flatMap { [$0, $1] })
        #expect(try await subject.search() == [one, two])
        try await subject.store.accept([span(4, of: 2, start: 5)])
        try await subject.store.accept([span(4, of: 1, start: 1005)])
        let traces = try await subject.search()
        #expect(traces.map(\.count) == [5, 5])
        #expect(traces.allSatisfy { Set($0.map(\.traceID)).count == 1 })
    }

    @Test("trace ids that share their low half are different traces")
    func strictIDs() async throws {
        let spans = [
            span(1, of: 7, named: "short", tags: ["foo": "1"]),
            span(1, of: 7, high: 0x463A_C35C_9F64_13AD, named: "long", tags: ["foo": "2"]),
            span(1, of: 7, high: 1, named: "padded", tags: ["foo": "3"]),
        ]
        let subject = try await StoreUnderTest(holding: spans)
        #expect(Set(try await subject.search().flatMap { $0 }) == Set(spans))
        #expect(try await subject.search().count == 3)
        for (position, wanted) in spans.enumerated() {
            #expect(try await subject.search(annotations: "foo=\(position + 1)") == [[wanted]])
            #expect(try await subject.search(name: wanted.name) == [[wanted]])
            #expect(try await subject.store.trace(wanted.traceID) == [wanted])
        }
    }

    @Test("the latest traces come first, and the limit and the window choose among them")
    func limitAndWindow() async throws {
        let gap: Int64 = 100
        let subject = try StoreUnderTest()
        for number in 1...10 {
            try await subject.store.accept([span(1, of: UInt64(number), start: Int64(number))])
            let late = span(1, of: UInt64(100 + number), start: gap * 1000 + Int64(number))
            try await subject.store.accept([late])
        }
        func ids(_ traces: [[SpanRecord]]) -> [UInt64] { traces.compactMap { $0.first?.traceID.low } }
        let late = (101...110).reversed().map { UInt64($0) }
        let early = (1...10).reversed().map { UInt64($0) }
        #expect(ids(try await subject.search()) == late + early)
        #expect(ids(try await subject.search(limit: 10)) == late)
        #expect(ids(try await subject.search(limit: 13)) == late + early.prefix(3))
        #expect(ids(try await subject.search(service: "frontend", limit: 1)) == [110])
        #expect(ids(try await subject.search(endTs: today + gap + 1, lookback: gap)) == late)
        #expect(ids(try await subject.search(endTs: today + 1, lookback: gap)) == early)
    }

    @Test("of two traces the newer is the one that began later, although the other was joined by a span later still")
    func lateJoiner() async throws {
        let early = [span(1, of: 1, start: 0), span(2, of: 1, parent: 1, at: backend, start: 1000)]
        let late = [span(1, of: 2, start: 500), span(2, of: 2, parent: 1, at: backend, start: 600)]
        let subject = try StoreUnderTest()
        for span in early + late { try await subject.store.accept([span]) }
        #expect(try await subject.search(limit: 1) == [late])
        #expect(try await subject.search(service: "backend", limit: 1) == [late])
        #expect(try await subject.search(service: "backend") == [late, early])
    }

    @Test("both ends of the window belong to it, to the millisecond")
    func windowEnds() async throws {
        let one = span(1, of: 1, start: 1000)
        let two = span(1, of: 2, start: 2000)
        let subject = try await StoreUnderTest(holding: [one, two])
        #expect(try await subject.search(endTs: today + 1) == [[one]])
        #expect(try await subject.search(endTs: today + 2) == [[two], [one]])
        #expect(try await subject.search(endTs: today + 3, lookback: 1) == [[two]])
        #expect(try await subject.search(endTs: today).isEmpty)
        #expect(try await subject.search(endTs: today + 2, lookback: 1) == [[two], [one]])
    }

    @Test("the widest window there is finds everything", arguments: [Int64.max, Int64.max / 1000, today + day])
    func widestWindow(endTs: Int64) async throws {
        let subject = try await StoreUnderTest(holding: newTrace())
        #expect(try await subject.search(endTs: endTs, lookback: .max) == [newTrace()])
        #expect(try await subject.search(service: "frontend", endTs: endTs, lookback: .max) == [newTrace()])
    }

    @Test("a trace that begins in the window and ends after it is found whole")
    func endsLater() async throws {
        let subject = try await StoreUnderTest(holding: newTrace(start: 0))
        try await subject.store.accept([span(9, parent: 1, start: 50_000)])
        #expect(try await subject.search(endTs: today + 1, lookback: 1).first?.count == 5)
        #expect(try await subject.search(service: "backend", endTs: today + 1, lookback: 1).first?.count == 5)
    }

    @Test("names of services, other sides and spans are matched whole, in any case")
    func names() async throws {
        let other = [
            span(1, of: 2, .client, at: NetworkEndpoint(serviceName: "Web"), to: database, named: "POST", start: 900)
        ]
        let subject = try await StoreUnderTest(holding: newTrace() + other)
        #expect(try await subject.found(service: "frontend") == [1])
        #expect(try await subject.found(service: "FRONTEND") == [1])
        #expect(try await subject.found(service: "frontend1").isEmpty)
        #expect(try await subject.found(service: "web") == [2])
        #expect(try await subject.found(remote: "db") == [2, 1])
        #expect(try await subject.found(remote: "DB1").isEmpty)
        #expect(try await subject.found(service: "backend", remote: "DB") == [1])
        #expect(try await subject.found(service: "frontend", remote: "db").isEmpty)
        #expect(try await subject.found(name: "post") == [2, 1])
        #expect(try await subject.found(service: "WEB", name: "Post") == [2])
        #expect(try await subject.found(service: "backend", name: "get").isEmpty)
    }

    @Test("a twin trace with the same low half and other names does not confuse a search")
    func twins() async throws {
        let elsewhere = NetworkEndpoint(serviceName: "elsewhere")
        let twin = span(
            1,
            of: 1,
            high: 5,
            .client,
            at: elsewhere,
            to: NetworkEndpoint(serviceName: "far"),
            named: "twin"
        )
        let subject = try await StoreUnderTest(holding: newTrace() + [twin])
        #expect(try await subject.search(service: "frontend") == [newTrace()])
        #expect(try await subject.search(service: "elsewhere") == [[twin]])
        #expect(try await subject.search(service: "frontend", remote: "far").isEmpty)
        #expect(try await subject.search(remote: "far") == [[twin]])
        #expect(try await subject.search(name: "twin") == [[twin]])
        #expect(try await subject.search(service: "frontend", name: "twin").isEmpty)
    }
}
