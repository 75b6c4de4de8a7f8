// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatModel

@Suite("What the store in memory forgets")
struct InMemorySpanStoreTests {
    private func spans(_ count: Int, of trace: UInt64, at service: String = "web") -> [SpanRecord] {
        (1...UInt64(count)).map { number in
            var span = span(number, .client, at: NetworkEndpoint(serviceName: service), named: "\(service) \(number)")
            span.traceID = TraceID(high: 0, low: trace) ?? .smallest
            span.remoteEndpoint = NetworkEndpoint(serviceName: "\(service)-remote")
            span.attributes = [Attribute("env", .string(service))]
            span.startNanoseconds = (today + trace) * 1000
            return span
        }
    }

    private func id(_ trace: UInt64) -> TraceID { TraceID(high: 0, low: trace) ?? .smallest }

    private func options() -> SpanStoreOptions {
        var options = SpanStoreOptions()
        options.autocompleteKeys = ["env"]
        return options
    }

    @Test("when it is full the traces that arrived first go whole, and are counted")
    func eviction() async throws {
        let store = InMemorySpanStore(maximumSpans: 10)
        try await store.accept(spans(4, of: 1) + spans(3, of: 2))
        try await store.accept(spans(3, of: 3))
        #expect(try await store.status().evictedSpans == 0)
        try await store.accept(Array(spans(5, of: 2).suffix(1)))
        #expect(try await store.trace(id(1)).isEmpty)
        #expect(try await store.trace(id(2)).count == 4)
        #expect(try await store.trace(id(3)) == spans(3, of: 3))
        let status = try await store.status()
        #expect(status.spans == 7)
        #expect(status.evictedSpans == 4)
        #expect(status.oldest == Int64(today) + 2)
    }

    @Test("names and values go with the last span that bears them")
    func names() async throws {
        let store = InMemorySpanStore(options: options(), maximumSpans: 2)
        try await store.accept(spans(2, of: 1, at: "old"))
        #expect(try await store.services() == ["old"])
        try await store.accept(spans(1, of: 2, at: "new"))
        #expect(try await store.services() == ["new"])
        #expect(try await store.spanNames(ofService: "old").isEmpty)
        #expect(try await store.remoteServices(ofService: "old").isEmpty)
        #expect(try await store.spanNames(ofService: "new") == ["new 1"])
        #expect(try await store.remoteServices(ofService: "new") == ["new-remote"])
        #expect(try await store.tagValues(forKey: "env") == ["new"])
    }

    @Test("a trace that is larger than the store stays until the next one comes")
    func largeTrace() async throws {
        let store = InMemorySpanStore(maximumSpans: 10)
        try await store.accept(spans(25, of: 1))
        #expect(try await store.trace(id(1)).count == 25)
        try await store.accept(spans(1, of: 2))
        #expect(try await store.status().spans == 1)
        #expect(try await store.status().evictedSpans == 25)
        #expect(try await store.status().evictedSpansByService.values.reduce(0, +) == 25)
    }

    @Test("a trace that went may come again")
    func again() async throws {
        let store = InMemorySpanStore(maximumSpans: 2)
        for trace in [1, 2, 3, 1, 2, 3] as [UInt64] { try await store.accept(spans(1, of: trace)) }
        #expect(try await store.trace(id(1)).isEmpty)
        #expect(try await store.trace(id(2)).count == 1)
        #expect(try await store.trace(id(3)).count == 1)
        #expect(try await store.status().evictedSpans == 4)
    }

    @Test("of counts the oldest minutes go")
    func rollups() async throws {
        let store = InMemorySpanStore(maximumRollups: 4)
        for minute in [3, 1, 2] as [Int64] {
            let calls = CallStatistics(count: 1)
            try await store.add(["a", "b"].map { Rollup(.link, minute: minute, service: $0, name: "c", calls: calls) })
        }
        #expect(try await store.rollups(.link, in: 0...Int64.max).map(\.minute) == [2, 2, 3, 3])
        #expect(try await store.rollups(.link, in: Int64.min...0).isEmpty)
    }

    @Test("a search that takes too long, or is cancelled, ends")
    func deadline() async throws {
        var options = SpanStoreOptions()
        options.queryTimeout = .nanoseconds(1)
        let store = InMemorySpanStore(options: options)
        try await store.accept((1...100).flatMap { spans(1, of: $0) })
        let query = try TraceQuery(endTs: .max, lookback: .max)
        await #expect(throws: SpanStoreError.timeout) { try await store.traces(matching: query) }
        let cancelled = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await store.traces(matching: query)
        }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
    }
}
