// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// How far, in microseconds, a span may lie outside the window in which its trace began: an hour. The service that is
/// asked for may join a trace later or, with clocks that disagree, earlier.
let searchSlack: Int64 = 3_600_000_000

/// Finds the newest traces that match a query.
///
/// Blocks are looked at from the newest to the oldest. A span of the service that meets the rarest of the criteria
/// makes its trace a candidate; each candidate is read whole and tested.
struct TraceSearch<Found> {
    private let query: TraceQuery
    private let times: ClosedRange<Int64>
    private var reader: StoreReader
    private var blocks: [(file: HourFile, entry: BlockEntry)]
    private var candidates = CandidateQueue()
    /// What was found and may not be handed on yet, since a newer one may come; the newest last.
    private var found: [(timestamp: Int64, value: Found)] = []

    /// - Parameter query: says where to look; what is found is decided by who asks.
    init(_ query: TraceQuery, _ reader: StoreReader) {
        self.query = query
        self.reader = reader
        let (latest, overflow) = query.window.upperBound.addingReportingOverflow(searchSlack)
        let times = max(query.window.lowerBound - searchSlack, 0)...(overflow ? .max : latest)
        self.times = times
        blocks = reader.view.files.flatMap { hour in
            hour.blocks.lazy.filter { $0.starts?.overlaps(times) ?? true }.map { (hour.file, $0) }
        }
        blocks.sort { $0.entry.last < $1.entry.last }
    }

    /// Looks at the traces that may match.
    ///
    /// - Parameters:
    ///   - look: what a trace is for who asks; nil when it does not match.
    ///   - take: called with what was found, the newest first; false ends the search.
    ///   - reach: called now and then with the time from which on all is found; false ends the search.
    mutating func run(
        look: ([SpanRecord]) throws -> Found?,
        take: (Found) throws -> Bool,
        reach: (Int64) throws -> Bool = { _ in true }
    ) throws {
        let criterion = try rarest()
        addCandidates(from: reader.view.heads.lazy.flatMap(\.posts), meeting: criterion)
        addCandidates(from: reader.source.pins.traces, meeting: criterion)
        while true {
            while let next = blocks.last, candidates.newest.map({ next.entry.last >= $0 }) ?? true {
                guard try handOn(since: next.entry.last, take), try reach(next.entry.last) else { return }
                blocks.removeLast()
                try open(next.entry, of: next.file, meeting: criterion)
            }
            guard let candidate = candidates.next() else { break }
            guard try handOn(since: candidate.start, take), try reach(candidate.start) else { return }
            try budget()
            for spans in try reader.traces(endingIn: candidate.low) {
                if let timestamp = TraceQuery.timestamp(of: spans), let value = try look(spans) {
                    keep(value, timestamp)
                }
            }
        }
        _ = try handOn(since: .min, take)
    }

    /// Hands on what was found and waits, when the search could not go on.
    mutating func finish(_ take: (Found) throws -> Bool) throws {
        _ = try handOn(since: .min, take)
    }

    private func budget() throws { try reader.budget.check() }

    /// A trace begins before its spans: those that began after everything that is still to come are the newest.
    private mutating func handOn(since cursor: Int64, _ take: (Found) throws -> Bool) throws -> Bool {
        while let newest = found.last, newest.timestamp >= cursor {
            found.removeLast()
            guard try take(newest.value) else { return false }
        }
        return true
    }

    private mutating func keep(_ value: Found, _ timestamp: Int64) {
        var (low, high) = (0, found.count)
        while low < high {
            let middle = (low + high) / 2
            if found[middle].timestamp < timestamp { low = middle + 1 } else { high = middle }
        }
        found.insert((timestamp, value), at: low)
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
