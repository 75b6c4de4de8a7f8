// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// The traces of an ``InMemorySpanStore``.
struct MemoryTraces {
    /// A trace whose beginning fits a query; ordered by that, then by arrival.
    struct Candidate: Comparable {
        let timestamp: Int64
        let arrival: Int
        fileprivate let key: TraceKey

        static func < (left: Candidate, right: Candidate) -> Bool {
            (left.timestamp, left.arrival) < (right.timestamp, right.arrival)
        }
    }

    private(set) var names: MemoryNames
    private let strictTraceID: Bool
    private let maximumSpans: Int
    private var traces: [TraceKey: MemoryTrace] = [:]
    private var arrivals = ArrivalQueue()
    private var spanCount = 0
    private var evictedSpans = 0
    private var evictedSpansByService: [String: Int] = [:]

    init(options: SpanStoreOptions, maximumSpans: Int) {
        names = MemoryNames(tagKeys: options.autocompleteKeys)
        strictTraceID = options.strictTraceID
        self.maximumSpans = maximumSpans
    }

    mutating func insert(_ spans: [SpanRecord]) {
        for span in spans { insert(span) }
        while spanCount > maximumSpans, traces.count > 1, let key = arrivals.removeFirst() { evict(key) }
    }

    private mutating func insert(_ span: SpanRecord) {
        let key = self.key(span.traceID)
        if traces[key] == nil { traces[key] = MemoryTrace(arrival: arrivals.append(key)) }
        guard traces[key]?.insert(span) == true else { return }
        names.add(span)
        spanCount += 1
    }

    private mutating func evict(_ key: TraceKey) {
        guard let trace = traces.removeValue(forKey: key) else { return }
        for span in trace.spans {
            names.remove(span)
            if let service = span.indexedService { evictedSpansByService[service, default: 0] += 1 }
        }
        spanCount -= trace.spans.count
        evictedSpans += trace.spans.count
    }

    func spans(of id: TraceID) -> [SpanRecord] { traces[key(id)]?.spans ?? [] }

    func spans(of candidate: Candidate) -> [SpanRecord] { traces[candidate.key]?.spans ?? [] }

    /// The traces that began in the query's window and have spans of its service.
    func candidates(for query: TraceQuery) -> [Candidate] {
        traces.compactMap { key, trace in
            guard let timestamp = trace.timestamp, query.window.contains(timestamp) else { return nil }
            if let service = query.serviceName, !trace.services.contains(service) { return nil }
            return Candidate(timestamp: timestamp, arrival: trace.arrival, key: key)
        }
    }

    var status: SpanStoreStatus {
        var status = SpanStoreStatus()
        status.spans = spanCount
        status.evictedSpans = evictedSpans
        status.evictedSpansByService = evictedSpansByService
        status.oldest = traces.values.compactMap(\.earliest).min()
        return status
    }

    private func key(_ id: TraceID) -> TraceKey {
        TraceKey(high: strictTraceID ? id.high : 0, low: id.low)
    }
}

/// What tells one trace from another.
private struct TraceKey: Hashable {
    let high: UInt64
    let low: UInt64
}

/// One trace, its spans as they came.
private struct MemoryTrace {
    let arrival: Int
    private(set) var spans: [SpanRecord] = []
    private(set) var services: Set<String> = []
    /// The earliest start of its spans, in microseconds since 1970.
    private(set) var earliest: Int64?
    private var rootStart: Int64?
    private var positions: [Int: Int] = [:]  // of spans, by hash

    init(arrival: Int) {
        self.arrival = arrival
    }

    /// As in ``TraceQuery/timestamp(of:)``.
    var timestamp: Int64? { rootStart ?? earliest }

    /// False when the very same span is there.
    mutating func insert(_ span: SpanRecord) -> Bool {
        let hash = span.hashValue
        if let position = positions[hash], spans[position] == span { return false }
        positions[hash] = spans.count
        spans.append(span)
        if let service = span.indexedService { services.insert(service) }
        guard span.startNanoseconds > 0 else { return true }
        let start = Int64(span.startNanoseconds / 1000)
        earliest = min(earliest ?? start, start)
        if span.parentID == nil { rootStart = rootStart ?? start }
        return true
    }
}

/// Keys in the order of their arrival, each with a number.
private struct ArrivalQueue {
    private var keys: [TraceKey] = []
    private var head = 0
    private var count = 0

    /// The number of the arrival.
    mutating func append(_ key: TraceKey) -> Int {
        keys.append(key)
        count += 1
        return count
    }

    mutating func removeFirst() -> TraceKey? {
        guard head < keys.count else { return nil }
        let key = keys[head]
        head += 1
        if head > keys.count / 2 {
            keys.removeFirst(head)
            head = 0
        }
        return key
    }
}
