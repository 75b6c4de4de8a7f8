// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import WingbeatModel

/// Keeps spans in memory, and forgets all of them with the process.
///
/// When there are more spans than it may hold, the traces that began to arrive first go, each whole; they are counted
/// in ``SpanStoreStatus/evictedSpans``. The last trace stays, however large it is. Counts (``Rollup``) are bounded,
/// too: the oldest minutes go.
public final class InMemorySpanStore: SpanStore {
    private let options: SpanStoreOptions
    private let state: Mutex<MemoryTraces>
    private let counts: Mutex<MemoryRollups>

    /// An empty store.
    ///
    /// - Parameters:
    ///   - options: what every store can be told.
    ///   - maximumSpans: how many spans are kept (Zipkin's `MEM_MAX_SPANS`); at least 1.
    ///   - maximumRollups: how many counts of a minute are kept; at least 1.
    public init(
        options: SpanStoreOptions = SpanStoreOptions(),
        maximumSpans: Int = 500_000,
        maximumRollups: Int = 200_000
    ) {
        self.options = options
        state = Mutex(MemoryTraces(options: options, maximumSpans: max(maximumSpans, 1)))
        counts = Mutex(MemoryRollups(maximum: max(maximumRollups, 1)))
    }

    /// Keeps the spans until the process ends, or until newer ones need the room.
    public func accept(_ spans: [SpanRecord]) async throws {
        state.withLock { $0.insert(spans) }
    }

    /// The names of all services, sorted.
    public func services() async throws -> [String] {
        options.searchEnabled ? state.withLock { $0.names.services } : []
    }

    /// The names of a service's spans, sorted.
    public func spanNames(ofService service: String) async throws -> [String] {
        options.searchEnabled ? state.withLock { $0.names.spanNames(of: service.lowercased()) } : []
    }

    /// The names of the services that a service called, sorted.
    public func remoteServices(ofService service: String) async throws -> [String] {
        options.searchEnabled ? state.withLock { $0.names.remoteServices(of: service.lowercased()) } : []
    }

    /// The values of a tag, sorted.
    public func tagValues(forKey key: String) async throws -> [String] {
        options.searchEnabled ? state.withLock { $0.names.tagValues(of: key) } : []
    }

    /// The spans of a trace.
    public func trace(_ id: TraceID) async throws -> [SpanRecord] {
        state.withLock { $0.spans(of: id) }
    }

    /// The traces that match, newest first; of two that began at the same moment the one that arrived later.
    public func traces(matching query: TraceQuery) async throws -> [[SpanRecord]] {
        guard options.searchEnabled else { return [] }
        let clock = ContinuousClock()
        let deadline = options.queryTimeout > .zero ? clock.now.advanced(by: options.queryTimeout) : nil
        let candidates = state.withLock { $0.candidates(for: query) }.sorted()
        var found: [[SpanRecord]] = []
        var spanCount = 0
        for candidate in candidates.reversed() {
            guard found.count < query.limit, spanCount < options.maximumAnswerSpans else { break }
            try Task.checkCancellation()
            if let deadline, clock.now > deadline { throw SpanStoreError.timeout }
            let spans = state.withLock { $0.spans(of: candidate) }
            guard query.matches(spans) else { continue }
            found.append(spans)
            spanCount += spans.count
        }
        return found
    }

    /// Adds the numbers to those of the same minute and the same names.
    public func add(_ rollups: [Rollup]) async throws {
        counts.withLock { $0.add(rollups) }
    }

    /// What was counted in the minutes that touch the window, oldest first.
    public func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) async throws -> [Rollup] {
        counts.withLock { $0.rollups(kind, in: window) }
    }

    /// Always well.
    public func check() async throws {}

    /// How many spans there are, and how many had to go.
    public func status() async throws -> SpanStoreStatus {
        state.withLock { $0.status }
    }
}
