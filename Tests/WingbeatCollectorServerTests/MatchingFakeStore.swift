// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatCollector
import WingbeatModel

/// A fake store that answers searches as Zipkin's rules want them, from memory, and counts them.
final class MatchingFakeStore: SpanStore {
    private let traces: [[SpanRecord]]
    private let kept: [Rollup]
    private let maximumAnswerSpans: Int
    private let state = Mutex([TraceQuery]())

    init(_ spans: [SpanRecord], rollups: [Rollup] = [], maximumAnswerSpans: Int = 200_000) {
        self.maximumAnswerSpans = maximumAnswerSpans
        let byTrace = Dictionary(grouping: spans, by: \.traceID).values
        traces = byTrace.sorted { (TraceQuery.timestamp(of: $0) ?? 0) > (TraceQuery.timestamp(of: $1) ?? 0) }
        kept = rollups
    }

    /// The searches that were asked for.
    var queries: [TraceQuery] { state.withLock { $0 } }

    func traces(matching query: TraceQuery) async throws -> [[SpanRecord]] {
        state.withLock { $0.append(query) }
        var room = maximumAnswerSpans
        let fitting = traces.filter { query.matches($0) }.prefix { trace in
            defer { room -= trace.count }
            return room > 0
        }
        return Array(fitting.prefix(query.limit))
    }

    func trace(_ id: TraceID) async throws -> [SpanRecord] { traces.first { $0.first?.traceID == id } ?? [] }

    func services() async throws -> [String] {
        Set(traces.joined().compactMap { $0.serviceName?.lowercased() }).sorted()
    }

    func spanNames(ofService service: String) async throws -> [String] {
        let spans = traces.joined().filter { $0.serviceName?.lowercased() == service.lowercased() }
        return Set(spans.map { $0.name.lowercased() }).sorted()
    }

    func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) async throws -> [Rollup] {
        kept.filter {
            $0.kind == kind && $0.minute * 60_000_000 <= window.upperBound
                && ($0.minute + 1) * 60_000_000 > window.lowerBound
        }
    }

    func accept(_ spans: [SpanRecord]) async throws {}
    func remoteServices(ofService service: String) async throws -> [String] { [] }
    func tagValues(forKey key: String) async throws -> [String] { [] }
    func add(_ rollups: [Rollup]) async throws {}
    func check() async throws {}
    func status() async throws -> SpanStoreStatus { SpanStoreStatus() }
}
