// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Synchronization
import WingbeatMetrics

/// Counting: with the series in hand, and with three label values.
enum CounterRows {
    static var oneThread: [Benchmark] { [increment, lookUp(routes: 1), lookUp(routes: routes)] }
    static var twoThreads: [Benchmark] { [incrementTogether] }

    private static let routes = Int(LIMIT_LOOKUP_ROUTES)

    private static var increment: Benchmark {
        Benchmark("counter increment, handle kept") {
            let counter = sample.requests["GET", SampleRequests.route(7), "200"]
            let atomic = AtomicCounter()
            return Measurement(
                .steady { for _ in 0..<$0 { counter.increment() } },
                beside: [
                    Neighbour("Atomic relaxed add", .steady { for _ in 0..<$0 { atomic.increment() } }, target: 0.5),
                    Neighbour("C: cell of the thread", .steady { limit_cell_increment(UInt64($0)) }),
                    GoPeer.clientGolang.neighbour("Inc", row: "increment", target: 0.35),
                ]
            )
        }
    }

    private static var incrementTogether: Benchmark {
        Benchmark("counter increment, two threads on one") {
            let counter = sample.requests["GET", SampleRequests.route(7), "200"]
            let atomic = AtomicCounter()
            return Measurement(
                .twoThreads { for _ in 0..<$0 { counter.increment() } },
                beside: [
                    Neighbour(
                        "Atomic relaxed add",
                        .twoThreads { for _ in 0..<$0 { atomic.increment() } },
                        target: 0.35
                    ),
                    Neighbour("C: cell of each thread", .twoThreads { limit_cell_increment(UInt64($0)) }),
                    GoPeer.clientGolang.neighbour("Inc", row: "increment_two_threads", target: 0.33),
                ]
            )
        }
    }

    private static let sample = SampleRequests.family(of: 1)
}

extension CounterRows {
    /// One series of a thousand over and over, or each of them in turn.
    private static func lookUp(routes: Int) -> Benchmark {
        let isOne = routes == 1
        return Benchmark("look-up by 3 labels + increment, \(isOne ? "one series" : "\(routes) in turn")") {
            let (registry, requests) = SampleRequests.family(of: Self.routes)
            defer { withExtendedLifetime(registry) {} }
            for route in 0..<Self.routes { requests["GET", SampleRequests.route(route), "200"].increment() }
            let ours = isOne ? lookUpOne(of: requests) : lookUpInTurn(of: requests)
            limit_lookup_prepare()
            let byLibrary = Figures.steady { limit_lookup(UInt64($0), routes) }
            limit_lookup_overlapping_prepare()
            let byOverlap = Figures.steady { limit_lookup_overlapping(UInt64($0), routes) }
            return Measurement(
                ours,
                beside: [
                    Neighbour("C: hash, probe, compare, add", byLibrary, target: 1.2),
                    Neighbour("C: the same without libc", byOverlap),
                    GoPeer.clientGolang.neighbour(
                        "WithLabelValues",
                        row: isOne ? "look_up" : "look_up_in_turn",
                        target: 0.33
                    ),
                ]
            )
        }
    }

    private static func lookUpOne(of requests: CounterFamily) -> Figures {
        .steady { for _ in 0..<$0 { requests["GET", "/api/v1/resource/7", "200"].increment() } }
    }

    private static func lookUpInTurn(of requests: CounterFamily) -> Figures {
        let routes = (0..<Self.routes).map(SampleRequests.route)
        return .steady { count in
            var next = 0
            for _ in 0..<count {
                requests["GET", routes[next], "200"].increment()
                next = next + 1 == routes.count ? 0 : next + 1
            }
        }
    }
}

/// The function is not inlined, as that of a library is not.
private final class AtomicCounter: Sendable {
    private let count = Atomic<UInt64>(0)

    @inline(never)
    func increment() { count.wrappingAdd(1, ordering: .relaxed) }
}
