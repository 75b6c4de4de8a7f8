// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Synchronization
import WingbeatMetrics

/// Counting with the series in hand.
enum CounterRows {
    static var oneThread: [Benchmark] { [increment] }
    static var twoThreads: [Benchmark] { [incrementTogether] }

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

/// The function is not inlined, as that of a library is not.
private final class AtomicCounter: Sendable {
    private let count = Atomic<UInt64>(0)

    @inline(never)
    func increment() { count.wrappingAdd(1, ordering: .relaxed) }
}
