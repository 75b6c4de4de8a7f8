// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import WingbeatMetrics

/// What one more series costs where many are there already: the mean while their number doubles, growth included.
enum RegistrationRows {
    static var all: [Benchmark] { [register(at: 10_000), register(at: 100_000)] }

    private static func register(at count: Int) -> Benchmark {
        Benchmark(name: "register a series where \(count) are", reference: "insertion into [[String]: Int]") {
            let routes = (0..<2 * count).map { "/api/v1/resource/\($0)" }
            let repetitions = 400_000 / count
            return Measurement(
                nanoseconds: fastest(of: min(repetitions, 8)) { registration(of: routes) },
                allocations: nil,
                referenceNanoseconds: fastest(of: min(repetitions, 8)) { insertion(of: routes) }
            )
        }
    }

    private static func registration(of routes: [String]) -> Double {
        var configuration = MetricRegistry.Configuration()
        configuration.maximumSeriesPerFamily = routes.count
        let registry = MetricRegistry(configuration: configuration)
        let family = registry.counter("http_requests", labels: ["method", "route", "code"])
        return secondHalf(of: routes) { family["GET", $0, "200"].increment() }
    }

    private static func insertion(of routes: [String]) -> Double {
        var table: [[String]: Int] = [:]
        defer { black_hole(UInt64(table.count)) }
        return secondHalf(of: routes) { table[["GET", $0, "200"]] = 1 }
    }

    /// Nanoseconds of thread CPU time for each route of the second half, after the first half is done.
    private static func secondHalf(of routes: [String], _ body: (String) -> Void) -> Double {
        let half = routes.count / 2
        for route in routes[..<half] { body(route) }
        let start = thread_cpu_nanoseconds()
        for route in routes[half...] { body(route) }
        return Double(thread_cpu_nanoseconds() - start) / Double(routes.count - half)
    }
}
