// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatModel

/// The spans that came last, in memory: found by queries at once, and later sealed into a file.
///
/// The writer adds; queries read beside it, holding it up only for as long as it takes to copy a reference or to
/// follow one trace.
final class Head: Sendable {
    /// The number of the journal file in which its spans are.
    let journal: UInt64
    /// The hour in which they arrived, counted since 1970.
    let hour: Int64

    private struct State {
        var posts: [[SpanRecord]] = []
        var traces = TraceRuns()
        var names = Names()
        var count = 0
        var bytes = 0
    }

    private let state = Mutex(State())

    init(journal: UInt64, hour: Int64) {
        self.journal = journal
        self.hour = hour
    }

    func add(_ batches: [SpanBatch]) {
        state.withLock { state in
            for batch in batches {
                state.traces.add(batch.spans, post: state.posts.count)
                state.posts.append(batch.spans)
                state.names.add(batch.names)
                state.count += batch.spans.count
                state.bytes += batch.record.count
            }
        }
    }

    /// How many spans there are, and how many bytes they take in the journal.
    var size: (spans: Int, bytes: Int) { state.withLock { ($0.count, $0.bytes) } }

    /// The earliest start of its spans, in microseconds since 1970.
    var oldest: Int64? {
        posts.lazy.joined().filter { $0.startNanoseconds > 0 }.map { Int64($0.startNanoseconds / 1000) }.min()
    }

    var names: Names { state.withLock { $0.names } }

    /// The spans of all posts, in the order in which they came.
    var posts: [[SpanRecord]] { state.withLock { $0.posts } }

    /// The spans of the traces whose ids end in these bits, in the order in which they came.
    func spans(ofTrace low: UInt64) -> [SpanRecord] {
        state.withLock { state in
            state.traces.runs(ofTrace: low).flatMap { state.posts[$0.post][$0.range] }
        }
    }

    /// The spans grouped by the lower half of the trace's id, in the order in which the traces came, each in the pieces
    /// in which it came.
    var traces: some Sequence<[ArraySlice<SpanRecord>]> {
        let (posts, runs) = state.withLock { ($0.posts, $0.traces) }
        return runs.all.lazy.map { runs in runs.map { posts[$0.post][$0.range] } }
    }
}

/// Where the spans of each trace are: runs of spans beside each other in one post.
struct TraceRuns: Sendable {
    struct Run: Sendable {
        let post: Int
        var range: Range<Int>
        /// The run of the same trace before this one; negative when there is none.
        let previous: Int
    }

    private var runs: [Run] = []
    private var last: [UInt64: Int] = [:]
    /// The first run of each trace, in the order in which they came.
    private var lows: [UInt64] = []

    mutating func add(_ spans: [SpanRecord], post: Int) {
        var index = 0
        while index < spans.count {
            let low = spans[index].traceID.low
            var end = index + 1
            while end < spans.count, spans[end].traceID.low == low { end += 1 }
            add(Run(post: post, range: index..<end, previous: last[low] ?? -1), of: low)
            index = end
        }
    }

    private mutating func add(_ run: Run, of low: UInt64) {
        if run.previous < 0 { lows.append(low) }
        last[low] = runs.count
        runs.append(run)
    }

    /// The runs of a trace, the earliest first.
    func runs(ofTrace low: UInt64) -> [Run] {
        var found: [Run] = []
        var next = last[low] ?? -1
        while next >= 0 {
            found.append(runs[next])
            next = runs[next].previous
        }
        return found.reversed()
    }

    /// The runs of each trace.
    var all: [[Run]] { lows.map { runs(ofTrace: $0) } }
}
