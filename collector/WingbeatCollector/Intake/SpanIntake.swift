// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import WingbeatModel

/// The way of spans from the receivers to the store: what the rate leaves out and what is too much of one trace stays
/// behind, the rest is stored, and what arrived is counted and shown to those who watch.
///
/// Operations and links between services are counted of all spans that came, also of those that the rate left out; not
/// of spans that were not taken or could not be stored, for these come again. ``run()`` brings the counts to the
/// store once a second. A kill of the process loses those of the last second, and the links (not the spans) of traces
/// of which something came in the last ten.
public final class SpanIntake: SpanConsumer {
    /// What an intake can be told.
    public struct Options: Sendable {
        /// The share of traces that are kept, from 0 to 1 (Zipkin's `COLLECTOR_SAMPLE_RATE`).
        public var sampleRate = 1.0
        /// How many spans a trace may have; of the rest only some are stored, which say how many are missing in the
        /// attribute ``SpanIntake/droppedSpansKey``.
        public var maximumSpansPerTrace = 100_000
        /// How long nothing must have come of a trace before its links are counted.
        public var linkAfter: Duration = .seconds(10)
        /// How many spans may wait for that; about 130 bytes each. Beyond, the traces that were silent for longest are
        /// linked early.
        public var maximumPendingSpans = 500_000

        /// The defaults.
        public init() {}
    }

    /// The attribute of a span that says how many spans of its trace were not stored when it came (an integer).
    public static let droppedSpansKey = "wingbeat.dropped_spans"

    private struct State {
        var statistics: LiveStatistics
        var sizes: TraceSizes
        var counts = IntakeCounts()
        var ledger = RollupLedger()
    }

    private let store: any SpanStore
    private let sampler: RateSampler
    private let clock: any IntakeClock
    private let state: Mutex<State>
    private let gate = Gate()
    /// Shows spans, when they are stored, to those who watch.
    public let feed = SpanFeed()

    /// An intake in front of a store.
    public convenience init(store: any SpanStore, options: Options = Options()) {
        self.init(store: store, options: options, clock: SystemIntakeClock())
    }

    init(store: any SpanStore, options: Options = Options(), clock: any IntakeClock) {
        self.store = store
        self.clock = clock
        sampler = RateSampler(rate: options.sampleRate)
        var linking = LiveLinker.Limits()
        linking.silence = options.linkAfter.nanoseconds
        linking.spans = max(options.maximumPendingSpans, 1)
        state = Mutex(
            State(
                statistics: LiveStatistics(linking: linking),
                sizes: TraceSizes(maximum: max(options.maximumSpansPerTrace, 1))
            )
        )
    }

    /// What became of the spans that came.
    public var counts: IntakeCounts { state.withLock { $0.counts } }

    /// What counting left out for want of room.
    public var limits: StatisticsLimits { state.withLock { $0.statistics.limits } }

    /// What was counted of each operation since the start, in the order in which the operations came.
    public var operationMetrics: [(service: String, name: String, metrics: OperationMetrics)] {
        state.withLock { $0.statistics.operationMetrics }
    }

    /// Keeps the spans that are to be kept; returns when these survive a kill of the process.
    public func accept(_ spans: [SpanRecord]) async throws {
        guard !spans.isEmpty else { return }
        var outcome = IntakeCounts()
        let kept = admit(spans, &outcome)
        do {
            if !kept.isEmpty { try await store.accept(kept) }
            outcome.stored = kept.count
        } catch {
            outcome.failures[IntakeCounts.Failure(error)] = kept.count
            count(outcome)
            throw error
        }
        observe(spans, outcome)
        feed.publish(kept)
    }

    /// Counts spans that a receiver could not take.
    public func reject(_ count: Int, as reason: IntakeCounts.Rejection = .invalid) {
        guard count > 0 else { return }
        var outcome = IntakeCounts()
        outcome.rejections[reason] = count
        self.count(outcome)
    }

    private func admit(_ spans: [SpanRecord], _ outcome: inout IntakeCounts) -> [SpanRecord] {
        let sampled = sampler.rate == 1 ? spans : spans.filter(sampler.keeps)
        outcome.sampledOut = spans.count - sampled.count
        let verdicts = state.withLock { state in sampled.indices.map { state.sizes.add(sampled[$0].traceID) } }
        if verdicts.allSatisfy({ $0 == .keep }) { return sampled }
        let kept = zip(sampled, verdicts).compactMap(Self.kept)
        outcome.rejections[.traceTooLarge] = sampled.count - kept.count
        return kept
    }

    private static func kept(_ span: SpanRecord, _ verdict: TraceSizes.Verdict) -> SpanRecord? {
        switch verdict {
        case .keep: return span
        case .drop: return nil
        case .keepAsMark(let dropped):
            var marked = span
            marked.attributes.append(Attribute(droppedSpansKey, .int(Int64(dropped))))
            return marked
        }
    }

    private func count(_ outcome: IntakeCounts) {
        state.withLock { $0.counts.add(outcome) }
    }

    private func observe(_ spans: [SpanRecord], _ outcome: IntakeCounts) {
        let now = clock.nanoseconds
        let wallClock = clock.unixNanoseconds
        state.withLock { state in
            state.counts.add(outcome)
            state.statistics.observe(spans, keptBy: sampler, now: now, wallClock: wallClock)
        }
    }
}

// MARK: What was counted

extension SpanIntake {
    /// Which services called which, counted over the traces that began in a span of time, by parent and child.
    ///
    /// Exact for traces of which something came in the last ten seconds; older ones are counted by the minute.
    ///
    /// - Parameter window: microseconds since 1970.
    public func dependencies(in window: ClosedRange<Int64>) async throws -> [DependencyLink] {
        try await links(in: window).map {
            DependencyLink(parent: $0.service, child: $0.name, callCount: $0.calls.count, errorCount: $0.calls.errors)
        }
    }

    /// As ``dependencies(in:)``, with durations; the minute of each is the window's first.
    public func links(in window: ClosedRange<Int64>) async throws -> [Rollup] {
        let minute = window.lowerBound / 60_000_000
        return try await rollups(.link, in: window)
            .map { Rollup(.link, minute: minute, service: $0.service, name: $0.name, calls: $0.calls) }
            .summed()
    }

    /// What was counted of each operation in the minutes that touch a span of time, by minute, service and name.
    ///
    /// - Parameter window: microseconds since 1970.
    public func operations(in window: ClosedRange<Int64>) async throws -> [Rollup] {
        try await rollups(.operation, in: window).summed()
    }

    /// What the store has and what it has not yet, while nothing is on its way from here to there.
    private func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) async throws -> [Rollup] {
        try await gate.pass {
            let kept = try await store.rollups(kind, in: window)
            return kept + (kind == .link ? linksNotKept(in: window) : operationsNotKept(in: window))
        }
    }
}

extension SpanIntake {
    private func operationsNotKept(in window: ClosedRange<Int64>) -> [Rollup] {
        let rollups = state.withLock { $0.ledger.rollups + $0.statistics.operations.rollups($0.statistics.names) }
        return rollups.filter { $0.kind == .operation && $0.touches(window) }
    }

    /// Traces are linked in a copy, so that spans that come meanwhile need not wait.
    private func linksNotKept(in window: ClosedRange<Int64>) -> [Rollup] {
        let (waiting, statistics) = state.withLock { ($0.ledger.rollups, $0.statistics) }
        return waiting.filter { $0.kind == .link && $0.touches(window) } + statistics.links(in: window)
    }
}

// MARK: What is done beside

extension SpanIntake {
    /// Brings counts to the store once a second until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            try? await flush()
        }
    }

    /// Links the traces of which nothing came for a while, and brings what was counted to the store; what it cannot
    /// take waits for the next time.
    public func flush() async throws { try await flush(linkingAll: false) }

    /// Links all traces, brings what was counted to the store, and ends the feed.
    public func close() async throws {
        feed.close()
        try await flush(linkingAll: true)
    }

    private func flush(linkingAll: Bool) async throws {
        let now = clock.nanoseconds
        try await gate.pass {
            let rollups = state.withLock { state in
                if linkingAll { state.statistics.linkAll() } else { state.statistics.linkSilent(now: now) }
                state.ledger.add(state.statistics.takeRollups())
                return state.ledger.rollups
            }
            guard !rollups.isEmpty else { return }
            try await store.add(rollups)
            state.withLock { $0.ledger.removeAll() }
        }
    }
}
