// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// Finds the newest traces that match a query.
///
/// Blocks are looked at from the newest to the oldest. A span of the service that meets the rarest of the criteria
/// makes its trace a candidate; each candidate is read whole and tested.
struct TraceSearch {
    /// How far, in microseconds, a span may lie outside the window in which its trace began: an hour. The service that
    /// is asked for may join a trace later or, with clocks that disagree, earlier.
    static let slack: Int64 = 3_600_000_000

    private let query: TraceQuery
    private let maximumSpans: Int
    private let times: ClosedRange<Int64>
    private var reader: StoreReader
    private var blocks: [(file: HourFile, entry: BlockEntry)]
    private var candidates = CandidateQueue()
    private var found: [(timestamp: Int64, spans: [SpanRecord])] = []
    private var foundSpans = 0

    /// - Parameter maximumSpans: how many spans end the search, whatever the query's limit.
    init(_ query: TraceQuery, _ reader: StoreReader, maximumSpans: Int) {
        self.query = query
        self.maximumSpans = maximumSpans
        self.reader = reader
        let (latest, overflow) = query.window.upperBound.addingReportingOverflow(Self.slack)
        let times = max(query.window.lowerBound - Self.slack, 0)...(overflow ? .max : latest)
        self.times = times
        blocks = reader.view.files.flatMap { hour in
            hour.blocks.lazy.filter { $0.starts?.overlaps(times) ?? true }.map { (hour.file, $0) }
        }
        blocks.sort { $0.entry.last < $1.entry.last }
    }

    /// The traces, newest first.
    mutating func run() throws -> [[SpanRecord]] {
        let criterion = try rarest()
        addCandidates(from: reader.view.heads.lazy.flatMap(\.posts), meeting: criterion)
        addCandidates(from: reader.source.pins.traces, meeting: criterion)
        while true {
            while let next = blocks.last, candidates.newest.map({ next.entry.last >= $0 }) ?? true {
                if isComplete(at: next.entry.last) { return newest }
                blocks.removeLast()
                try open(next.entry, of: next.file, meeting: criterion)
            }
            guard let candidate = candidates.next() else { return newest }
            if isComplete(at: candidate.start) { return newest }
            try budget()
            for spans in try reader.traces(endingIn: candidate.low) { add(spans) }
        }
    }

    private func budget() throws { try reader.budget.check() }

    /// A trace begins before its spans: once enough traces, or spans, are found that began after everything that is
    /// still to come, no other can be newer.
    private func isComplete(at cursor: Int64) -> Bool {
        guard found.count >= query.limit || foundSpans >= maximumSpans else { return false }
        let certain = found.lazy.filter { $0.timestamp >= cursor }
        return certain.count >= query.limit || certain.map(\.spans.count).reduce(0, +) >= maximumSpans
    }

    private var newest: [[SpanRecord]] {
        found.sorted { $0.timestamp > $1.timestamp }.prefix(query.limit).map(\.spans)
    }

    private mutating func add(_ spans: [SpanRecord]) {
        guard query.matches(spans), let timestamp = TraceQuery.timestamp(of: spans) else { return }
        found.append((timestamp, spans))
        foundSpans += spans.count
    }

    /// The criterion that the fewest of the newest blocks may hold.
    private func rarest() throws -> SpanCriterion {
        let criteria = query.criteria
        guard criteria.count > 1 else { return criteria.first ?? .anything }
        let sample = blocks.suffix(100)
        var rarest = (criterion: criteria[0], count: Int.max)
        for criterion in criteria {
            let count = try sample.count { block in
                try reader.mayHold(criterion, service: query.serviceName, in: block.entry, of: block.file)
            }
            if count < rarest.count { rarest = (criterion, count) }
        }
        return rarest.criterion
    }

    private mutating func open(_ entry: BlockEntry, of file: HourFile, meeting criterion: SpanCriterion) throws {
        try budget()
        guard try reader.mayHold(criterion, service: query.serviceName, in: entry, of: file),
            let block = try reader.block(entry.id, in: file)
        else { return }
        for trace in (try? block.traces(meeting: criterion, service: query.serviceName)) ?? [] {
            add(low: trace.low, start: trace.start)
        }
    }

    private mutating func addCandidates(from posts: some Sequence<[SpanRecord]>, meeting criterion: SpanCriterion) {
        var services = ServiceMatch(query.serviceName)
        var starts: [UInt64: Int64] = [:]
        for post in posts {
            for span in post where services.matches(span) && criterion.isMet(by: span) {
                let start = span.startNanoseconds > 0 ? Int64(span.startNanoseconds / 1000) : .max
                starts[span.traceID.low] = min(starts[span.traceID.low] ?? start, start)
            }
        }
        for (low, start) in starts { add(low: low, start: start == .max ? nil : start) }
    }

    private mutating func add(low: UInt64, start: Int64?) {
        // Without a start it may have begun at any time.
        guard start.map(times.contains) ?? true else { return }
        candidates.add(low: low, start: start ?? .max)
    }
}

/// The traces that may match, the newest first, each once.
private struct CandidateQueue {
    struct Candidate {
        let low: UInt64
        let start: Int64
    }

    private var seen: Set<UInt64> = []
    private var waiting: [Candidate] = []
    private var isSorted = true

    var newest: Int64? {
        mutating get {
            sort()
            return waiting.last?.start
        }
    }

    mutating func add(low: UInt64, start: Int64) {
        guard seen.insert(low).inserted else { return }
        waiting.append(Candidate(low: low, start: start))
        isSorted = false
    }

    mutating func next() -> Candidate? {
        sort()
        return waiting.popLast()
    }

    private mutating func sort() {
        if !isSorted { waiting.sort { $0.start < $1.start } }
        isSorted = true
    }
}

/// Whether spans are of the service that is asked for; spans beside each other mostly are of the same.
private struct ServiceMatch {
    private let service: String?
    private var last: (name: String, isIt: Bool)?

    init(_ service: String?) {
        self.service = service
    }

    mutating func matches(_ span: SpanRecord) -> Bool {
        guard let service else { return true }
        guard let name = span.serviceName else { return false }
        if let last, last.name == name { return last.isIt }
        let isIt = name == service || name.lowercased() == service
        last = (name, isIt)
        return isIt
    }
}
