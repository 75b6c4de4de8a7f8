// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A point on the clock that never goes back.
struct Deadline {
    /// When it is, in nanoseconds of that clock.
    private let nanoseconds: Int64

    /// So long from now, but at most a hundred years.
    init(after duration: Duration) {
        nanoseconds = Self.now() + duration.boundedNanoseconds
    }

    /// How long it is until then in nanoseconds; 0 when it has passed.
    var remaining: Int64 { max(0, nanoseconds - Self.now()) }

    /// The point as the system's calls want it.
    var time: timespec { timespec(nanoseconds: nanoseconds) }

    private static func now() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}

extension timespec {
    /// So many nanoseconds.
    init(nanoseconds: Int64) {
        self.init(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}

extension Duration {
    /// Nanoseconds between 0 and a hundred years.
    fileprivate var boundedNanoseconds: Int64 {
        let limit: Int64 = 3_155_760_000
        if self <= .zero { return 0 }
        if self >= .seconds(limit) { return limit * 1_000_000_000 }
        return components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
