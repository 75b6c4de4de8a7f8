// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a tracer consists of, and can exchange.
final class TracerParts: Sendable {
    private let route: Atomic<Unmanaged<TracerRoute>>
    /// Every configuration that ever was: a span may still begin in one that was replaced.
    private let all: Locked<[TracerRoute]>
    private let counts = SpanCounts()
    private let pool = SpanPool()

    init(_ configuration: WingbeatTracer.Configuration) {
        let first = TracerRoute(configuration, counts, pool)
        route = Atomic(.passUnretained(first))
        all = Locked([first])
    }

    deinit {
        pool.close()
    }

    var totals: SpanTotals { counts.totals }

    var current: TracerRoute { route.load(ordering: .acquiring).takeUnretainedValue() }

    @inline(__always)
    var hot: UnsafeMutablePointer<TracerRoute.Hot> {
        route.load(ordering: .acquiring)._withUnsafeGuaranteedRef { $0.hot }
    }

    func replace(_ configuration: WingbeatTracer.Configuration) {
        let new = TracerRoute(configuration, counts, pool)
        all.withLock { routes in
            routes.append(new)
            route.store(.passUnretained(new), ordering: .releasing)
        }
    }
}
