// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Records so many traces in a second, at most, spread over the second's tenths: a burst does not use up at once what
/// the rest of the second may have.
///
/// Like Zipkin's sampler of that name. Its decision says nothing about the trace id, so other services must follow it: it
/// belongs into a ``ParentBasedSampler``, as the root. It never waits, and takes no lock.
public final class RateLimitingSampler: Sampler {
    /// The most traces that are recorded in a second.
    public let perSecond: Int
    private let now: @Sendable () -> UInt64
    /// The second in the upper half, how many it has recorded in the lower.
    private let used = Atomic<UInt64>(0)

    /// - Parameter perSecond: how many traces, from 0 to 2,147,483,647; what lies outside is clamped.
    public convenience init(perSecond: Int) {
        self.init(perSecond: perSecond, now: monotonicNanoseconds)
    }

    /// - Parameter now: nanoseconds since any moment, never going back.
    package init(perSecond: Int, now: @escaping @Sendable () -> UInt64) {
        self.perSecond = min(max(perSecond, 0), Int(Int32.max))
        self.now = now
    }

    /// True until this tenth of a second has what it may have.
    public func isSampled(_ request: SamplingRequest) -> Bool {
        let deciseconds = now() / 100_000_000
        let second = deciseconds / 10 & 0xFFFF_FFFF
        let allowed = (UInt64(perSecond) * (deciseconds % 10 + 1) + 9) / 10
        var before = used.load(ordering: .relaxed)
        while true {
            let count = before >> 32 == second ? before & 0xFFFF_FFFF : 0
            guard count < allowed else { return false }
            let after = second << 32 | count + 1
            let result = used.weakCompareExchange(expected: before, desired: after, ordering: .relaxed)
            if result.exchanged { return true }
            before = result.original
        }
    }
}

private let start = ContinuousClock.now

private func monotonicNanoseconds() -> UInt64 {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return UInt64(max(seconds, 0)) &* 1_000_000_000 &+ UInt64(max(attoseconds, 0) / 1_000_000_000)
}
