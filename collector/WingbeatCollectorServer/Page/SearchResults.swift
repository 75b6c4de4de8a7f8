// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatBytes
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// What a search found, as lines of JSON.
///
/// The newest traces are handed on as they come; in any other order only when all are known, and of them only the first
/// in that order are kept meanwhile.
final class SearchResults: Sendable {
    /// Which traces come first. Of equal ones the newer goes first.
    enum Order: String, Sendable {
        case newest
        case longest
        case spans
        case errors
    }

    private struct State {
        var matched = 0
        var first: [(rank: UInt64, trace: FoundTrace)] = []
        var scatter = SearchScatter()
        var isOver = false
    }

    /// The lines; they end with the search.
    let lines: AsyncStream<[UInt8]>
    private let output: AsyncStream<[UInt8]>.Continuation
    private let order: Order
    private let limit: Int
    private let state = Mutex(State())

    init(order: Order, limit: Int) {
        self.order = order
        self.limit = limit
        (lines, output) = AsyncStream.makeStream(of: [UInt8].self)
        output.onTermination = { [weak self] _ in self?.state.withLock { $0.isOver = true } }
    }

    /// Takes what a search tells; false when it need not go on.
    func take(_ step: SearchStep) -> Bool {
        switch step {
        case .found(let trace): return take(trace)
        case .progress(let searched, let until):
            let (matched, isOver) = state.withLock { ($0.matched, $0.isOver) }
            output.yield(SearchLines.progress(searched: searched, matched: matched, until: until))
            return !isOver
        }
    }

    /// Hands on what is left, and the last line.
    func end(_ end: SearchEnd) {
        let (first, matched, scatter) = state.withLock { ($0.first, $0.matched, $0.scatter) }
        for (_, trace) in first { output.yield(SearchLines.trace(trace)) }
        var end = end
        if order == .newest, matched >= SearchScatter.maximum, end.reason == nil {
            end.reason = "\(matched) traces were found"
        }
        output.yield(SearchLines.end(end, matched: matched, scatter.points))
        output.finish()
    }

    /// Beyond the newest that are listed some more are found, for the picture.
    private func take(_ trace: FoundTrace) -> Bool {
        let (isListed, goesOn) = state.withLock { state in
            state.matched += 1
            state.scatter.add(trace)
            guard order == .newest else {
                insert(trace, &state.first)
                return (false, !state.isOver)
            }
            return (state.matched <= limit, !state.isOver && state.matched < SearchScatter.maximum)
        }
        if isListed { output.yield(SearchLines.trace(trace)) }
        return goesOn
    }

    private func insert(_ trace: FoundTrace, _ first: inout [(rank: UInt64, trace: FoundTrace)]) {
        let rank = rank(of: trace.summary)
        if first.count == limit {
            guard let last = first.last, last.rank < rank else { return }
            first.removeLast()
        }
        var (low, high) = (0, first.count)
        while low < high {
            let middle = (low + high) / 2
            if first[middle].rank >= rank { low = middle + 1 } else { high = middle }
        }
        first.insert((rank, trace), at: low)
    }

    private func rank(of trace: TraceSummary) -> UInt64 {
        switch order {
        case .newest: trace.startNanoseconds
        case .longest: trace.durationNanoseconds
        case .spans: UInt64(trace.spanCount)
        case .errors: UInt64(trace.errorCount)
        }
    }
}

extension TraceSummary {
    /// From the first start to the last end.
    var durationNanoseconds: UInt64 { endNanoseconds - min(startNanoseconds, endNanoseconds) }
}

/// The points of a picture of durations over time: of many traces those that failed or took long, and some others.
struct SearchScatter {
    struct Point {
        let start: UInt64
        let duration: UInt64
        let errors: Int
        let id: TraceID
    }

    /// How many points there are at most.
    static let maximum = 2000
    private var all: [Point] = []

    mutating func add(_ trace: FoundTrace) {
        let summary = trace.summary
        let duration = summary.durationNanoseconds / 1000
        let start = summary.startNanoseconds / 1000
        all.append(Point(start: start, duration: duration, errors: summary.errorCount, id: summary.id))
        if all.count == 2 * Self.maximum { all = points }
    }

    /// In the order in which they came.
    var points: [Point] {
        guard all.count > Self.maximum else { return all }
        let byWeight = all.indices.sorted { left, right in
            (all[left].errors > 0 ? 1 : 0, all[left].duration) > (all[right].errors > 0 ? 1 : 0, all[right].duration)
        }
        let (heavy, light) = (byWeight.prefix(Self.maximum / 2), byWeight.dropFirst(Self.maximum / 2).sorted())
        let room = Self.maximum - heavy.count
        let some = (0..<room).map { light[$0 * light.count / room] }
        return (heavy + some).sorted().map { all[$0] }
    }
}
