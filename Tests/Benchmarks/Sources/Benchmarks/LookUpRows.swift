// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import WingbeatMetrics

/// Counting with three label values: one series of a thousand over and over, or each of them in turn.
enum LookUpRows {
    static var oneThread: [Benchmark] { [one, inTurn] }
    static var twoThreads: [Benchmark] { [together] }

    private static let routes = Int(LIMIT_LOOKUP_ROUTES)
    private static let sample = SampleRequests.family(of: routes)

    private static var one: Benchmark {
        Benchmark("look-up by 3 labels + increment, one series") {
            Measurement(
                .steady(lookUps()),
                beside: limits(routes: 1) + [
                    GoPeer.clientGolang.neighbour("WithLabelValues", row: "look_up", target: 0.33)
                ]
            )
        }
    }

    private static var inTurn: Benchmark {
        Benchmark("look-up by 3 labels + increment, \(routes) in turn") {
            Measurement(
                .steady(lookUpsInTurn()),
                beside: limits(routes: routes) + [
                    GoPeer.clientGolang.neighbour("WithLabelValues", row: "look_up_in_turn", target: 0.33)
                ]
            )
        }
    }

    private static var together: Benchmark {
        Benchmark("look-up by 3 labels + increment, two threads") {
            limit_lookup_prepare()
            return Measurement(
                .twoThreads(lookUps()),
                beside: [
                    Neighbour("C: hash, probe, compare, add", .twoThreads { limit_lookup(UInt64($0), 1) }),
                    GoPeer.clientGolang.neighbour("WithLabelValues", row: "look_up_two_threads"),
                ]
            )
        }
    }

    private static func limits(routes: Int) -> [Neighbour] {
        limit_lookup_prepare()
        let byLibrary = Figures.steady { limit_lookup(UInt64($0), routes) }
        limit_lookup_overlapping_prepare()
        let byOverlap = Figures.steady { limit_lookup_overlapping(UInt64($0), routes) }
        return [
            Neighbour("C: hash, probe, compare, add", byLibrary, target: 1.2),
            Neighbour("C: the same without libc", byOverlap),
        ]
    }

    private static func lookUps() -> @Sendable (Int) -> Void {
        let requests = filled(sample.requests)
        return { for _ in 0..<$0 { requests["GET", "/api/v1/resource/7", "200"].increment() } }
    }

    private static func lookUpsInTurn() -> @Sendable (Int) -> Void {
        let requests = filled(sample.requests)
        let routes = (0..<Self.routes).map(SampleRequests.route)
        return { count in
            var next = 0
            for _ in 0..<count {
                requests["GET", routes[next], "200"].increment()
                next = next + 1 == routes.count ? 0 : next + 1
            }
        }
    }

    private static func filled(_ requests: CounterFamily) -> CounterFamily {
        for route in 0..<routes { requests["GET", SampleRequests.route(route), "200"].increment() }
        return requests
    }
}
