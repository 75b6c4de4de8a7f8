// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import WingbeatModel

/// Decides, when a trace is whole, whether it is kept: the failed, the slow and the rare are, and a share of the rest.
///
/// A span that was kept as one of the share carries how many spans it stands for in the attribute
/// ``TailPolicy/weightKey``, so that counts of stored spans can be corrected. Fragments that come later share the fate of
/// their trace, for as long as that is remembered; after that the share decides by the trace's id, so that all fragments
/// of a trace of the share stay together, but the late fragments of one that failed may be missing.
public final class TailPolicy: Sendable {
    /// What a policy can be told.
    public struct Options: Sendable {
        /// The share of the traces that have nothing special, from 0 to 1.
        public var share = 1.0
        /// Traces that took at least so long are slow; nil for those that took longer than 95 % of those of their root's
        /// operation so far.
        public var keepSlowerThan: Duration?
        /// A root's operation of which fewer traces came in an hour is rare.
        public var rareTracesPerHour = 10
        /// How many decisions are remembered, about 50 bytes each.
        public var maximumDecisions = 100_000
        /// How many operations are told apart; further ones are one together.
        public var maximumOperations = 5000

        /// The defaults.
        public init() {}
    }

    /// Why a trace was kept, or not.
    public enum Decision: String, Hashable, Sendable, CaseIterable {
        /// One of its spans failed, or has the debug flag.
        case failed
        /// It took long.
        case slow
        /// There are few of its kind.
        case rare
        /// It is one of the share.
        case share
        /// It was left out.
        case dropped
    }

    /// The attribute of a span that says how many it stands for (a double).
    public static let weightKey = "wingbeat.weight"

    fileprivate struct Operation {
        var hour: Int64 = 0
        var traces = 0
        var durations = DurationHistogram()
        var slow: UInt64?
    }

    private struct State {
        var operations: [String: Operation] = [:]
        var decisions: [UInt64: Decision] = [:]
        var olderDecisions: [UInt64: Decision] = [:]
        var counts: [Decision: Int] = [:]
    }

    private let options: Options
    private let sampler: RateSampler
    private let state = Mutex(State())

    /// A policy that has seen nothing.
    public init(_ options: Options = Options()) {
        self.options = options
        sampler = RateSampler(rate: options.share)
    }

    /// How many spans met which fate.
    public var counts: [Decision: Int] { state.withLock { $0.counts } }

    /// The spans of one trace as they are to be kept; nil when they are not.
    public func keep(_ spans: [SpanRecord]) -> [SpanRecord]? {
        guard let first = spans.first else { return spans }
        let decision = state.withLock { state in
            let decision = decide(spans, first.traceID, &state)
            state.counts[decision, default: 0] += spans.count
            return decision
        }
        switch decision {
        case .failed, .slow, .rare: return spans
        case .share: return sampler.rate == 1 ? spans : spans.map(weighted)
        case .dropped: return nil
        }
    }

    private func weighted(_ span: SpanRecord) -> SpanRecord {
        guard span[attribute: Self.weightKey] == nil else { return span }
        var span = span
        span.attributes.append(Attribute(Self.weightKey, .double(1 / sampler.rate)))
        return span
    }

    /// What was decided of the trace before, unless a fragment says more: one that failed keeps those after it.
    private func decide(_ spans: [SpanRecord], _ id: TraceID, _ state: inout State) -> Decision {
        let known = state.decisions[id.low] ?? state.olderDecisions[id.low]
        if let known, known != .dropped { return known }
        let decision: Decision
        if spans.contains(where: { $0.isError || $0.isDebug }) {
            decision = .failed
        } else if known != nil {
            return .dropped
        } else {
            decision = judge(spans, &state) ?? (sampler.keeps(id) ? .share : .dropped)
        }
        remember(decision, id, &state)
        return decision
    }

    private func remember(_ decision: Decision, _ id: TraceID, _ state: inout State) {
        if state.decisions.count >= max(options.maximumDecisions / 2, 1) {
            state.olderDecisions = state.decisions
            state.decisions = [:]
        }
        state.decisions[id.low] = decision
    }

    private func judge(_ spans: [SpanRecord], _ state: inout State) -> Decision? {
        guard let summary = TraceSummary(spans) else { return nil }
        let duration = summary.endNanoseconds - min(summary.startNanoseconds, summary.endNanoseconds)
        let key = key(of: summary, state)
        var operation = state.operations[key] ?? Operation()
        defer {
            operation.count(duration, hour: Int64(summary.startNanoseconds / 3_600_000_000_000))
            state.operations[key] = operation
        }
        if let limit = options.keepSlowerThan {
            if duration >= UInt64(max(limit.nanoseconds, 0)) { return .slow }
        } else if let slow = operation.slow, duration > slow {
            return .slow
        }
        let isSameHour = operation.hour == Int64(summary.startNanoseconds / 3_600_000_000_000)
        return (isSameHour ? operation.traces : 0) < options.rareTracesPerHour ? .rare : nil
    }

    private func key(of summary: TraceSummary, _ state: State) -> String {
        let key = NameTable.cut(summary.rootService.lowercased() + "\0" + summary.rootName.lowercased(), 512)
        return state.operations[key] != nil || state.operations.count < options.maximumOperations ? key : "\0"
    }
}

extension TailPolicy.Operation {
    /// Counts a trace. What is slow is found anew now and then: it changes little from one trace to the next.
    fileprivate mutating func count(_ duration: UInt64, hour: Int64) {
        if hour != self.hour {
            self.hour = hour
            traces = 0
        }
        traces += 1
        durations.record(nanoseconds: duration)
        let seen = durations.count
        if seen >= 20, seen & (seen - 1) == 0 || seen % 64 == 0 { slow = durations.quantile(0.95) }
    }
}
