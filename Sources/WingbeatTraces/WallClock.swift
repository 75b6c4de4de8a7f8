// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Measures durations on the monotonic clock, although swift-distributed-tracing gives instants of the wall clock.
///
/// The wall clock may be stepped while a span runs, and then its difference is wrong or negative. The monotonic
/// clock never steps, but knows nothing of instants that the caller chose itself. So a mark keeps both, and the
/// monotonic difference is used when both instants were "now".
final class WallClock: Sendable {
    /// A moment on both clocks.
    struct Mark {
        /// The instant that was given, in nanoseconds since 1970.
        let wall: UInt64
        /// When it was given, on the monotonic clock.
        let monotonic: UInt64
        /// Whether the given instant was the present.
        let isNow: Bool
    }

    /// A given instant this close to the present counts as the present: far above the time between two clock reads.
    private static let tolerance: UInt64 = 1_000_000

    private let offset: Atomic<UInt64>

    init() {
        offset = Atomic(nanoseconds(of: CLOCK_REALTIME) &- nanoseconds(of: CLOCK_MONOTONIC))
    }

    func mark(_ wall: UInt64) -> Mark {
        let monotonic = nanoseconds(of: CLOCK_MONOTONIC)
        let isNow = isClose(wall, offset.load(ordering: .relaxed) &+ monotonic) || isNowAfterStep(wall, monotonic)
        return Mark(wall: wall, monotonic: monotonic, isNow: isNow)
    }

    /// The nanoseconds between two marks; at least one.
    func duration(from start: Mark, to end: Mark) -> UInt64 {
        if start.isNow && end.isNow { return max(end.monotonic - start.monotonic, 1) }
        return end.wall > start.wall ? end.wall - start.wall : 1
    }

    /// Tells a stepped clock from an instant of the caller's choice, and remembers the step.
    private func isNowAfterStep(_ wall: UInt64, _ monotonic: UInt64) -> Bool {
        let present = nanoseconds(of: CLOCK_REALTIME)
        guard isClose(wall, present) else { return false }
        offset.store(present &- monotonic, ordering: .relaxed)
        return true
    }

    private func isClose(_ left: UInt64, _ right: UInt64) -> Bool {
        (left > right ? left - right : right - left) < Self.tolerance
    }
}

private func nanoseconds(of clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}
