// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import WingbeatMetrics

/// What one more series costs where many are there already: the mean while their number doubles, growth included.
enum RegistrationRows {
    static var all: [Benchmark] { [register(at: few), register(at: 50_000), register(at: 100_000)] }

    private static let few = 10_000

    private static func register(at count: Int) -> Benchmark {
        Benchmark("register a series where \(count) are") {
            let ours = fastest(at: count, registration)
            let atFew = count == few ? nil : fastest(at: few, registration)
            return Measurement(
                ours,
                beside: [
                    Neighbour("a microsecond", Figures(nanoseconds: 1000), target: 1),
                    atFew.map { Neighbour("the same where \(few) are", $0, target: 1.5) },
                    Neighbour("insertion into [[String]: Int]", fastest(at: count, insertion)),
                    GoPeer.clientGolang.neighbour("WithLabelValues", row: "register_\(count)"),
                ].compactMap { $0 }
            )
        }
    }

    private static func fastest(at count: Int, _ run: ([String]) -> Figures) -> Figures {
        let routes = (0..<2 * count).map(SampleRequests.route)
        return .fastest(of: min(400_000 / count, 8)) { run(routes) }
    }

    private static func registration(of routes: [String]) -> Figures {
        let (registry, requests) = SampleRequests.family(of: routes.count)
        defer { withExtendedLifetime(registry) {} }
        return secondHalf(of: routes) { requests["GET", $0, "200"].increment() }
    }

    private static func insertion(of routes: [String]) -> Figures {
        var table: [[String]: Int] = [:]
        defer { black_hole(UInt64(table.count)) }
        return secondHalf(of: routes) { table[["GET", $0, "200"]] = 1 }
    }

    /// The figures of each route of the second half, after the first half is done.
    private static func secondHalf(of routes: [String], _ body: (String) -> Void) -> Figures {
        let half = routes.count / 2
        for route in routes[..<half] { body(route) }
        return .once(routes.count - half) { for route in routes[half...] { body(route) } }
    }
}
