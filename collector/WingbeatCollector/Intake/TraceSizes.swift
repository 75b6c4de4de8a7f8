// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// How many spans the traces of the last while have, so that one of them cannot fill the store.
///
/// Bounded: the counts of the traces that were not heard of for longest are forgotten, after which they may have as many
/// spans again.
struct TraceSizes {
    /// What to do with a span.
    enum Verdict: Equatable {
        case keep
        /// Keep it, and note in it that so many spans of its trace were not kept.
        case keepAsMark(dropped: Int)
        case drop
    }

    private let maximum: Int
    private let traces: Int
    private var recent: [UInt64: Int] = [:]
    private var older: [UInt64: Int] = [:]
    /// The trace of the last span: most spans come behind others of their trace. Its count is only here.
    private var current: (trace: UInt64, size: Int) = (0, 0)

    /// - Parameters:
    ///   - maximum: how many spans a trace may have.
    ///   - traces: how many counts are kept at least; twice as many at most.
    init(maximum: Int, traces: Int = 50_000) {
        self.maximum = maximum
        self.traces = traces
    }

    /// Counts a span of a trace.
    ///
    /// Of those beyond the limit each that doubles their number is kept as a mark, so that who reads the trace sees
    /// that it is not whole.
    mutating func add(_ trace: TraceID) -> Verdict {
        if trace.low != current.trace { turn(to: trace.low) }
        current.size += 1
        let beyond = current.size - maximum
        if beyond <= 0 { return .keep }
        let isPowerOfTwo = beyond & (beyond - 1) == 0
        guard beyond > 1, isPowerOfTwo else { return .drop }
        return .keepAsMark(dropped: beyond - beyond.trailingZeroBitCount)
    }

    private mutating func turn(to trace: UInt64) {
        if current.size > 0 { keep(current.size, of: current.trace) }
        current = (trace, recent[trace] ?? older[trace] ?? 0)
    }

    private mutating func keep(_ size: Int, of trace: UInt64) {
        if recent.updateValue(size, forKey: trace) == nil, recent.count > traces {
            older = recent
            recent = [:]
        }
    }
}
