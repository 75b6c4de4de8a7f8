// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatMetrics

/// The requests that the rows count, the same for every peer: three labels, routes in turn.
enum SampleRequests {
    static let labels = ["method", "route", "code"]

    static func route(_ index: Int) -> String { "/api/v1/resource/\(index)" }

    /// A family that has room for so many series.
    static func family(of count: Int) -> (registry: MetricRegistry, requests: CounterFamily) {
        var configuration = MetricRegistry.Configuration()
        configuration.maximumSeriesPerFamily = count
        let registry = MetricRegistry(configuration: configuration)
        return (registry, registry.counter("http_requests", help: "Requests.", labels: labels))
    }

    /// Makes series of a thousand routes; the codes go up from 200 with each thousand, and every series has a number of
    /// its own.
    static func count(_ series: Int, in requests: CounterFamily) {
        for index in 0..<series {
            requests["GET", route(index % 1000), "\(200 + index / 1000)"].increment(by: Int64(index) * 37)
        }
    }

    /// 4096 values from 1 ms to 20 s, as many in each decade, in an order that no predictor of jumps learns.
    static var logUniformSeconds: [Double] {
        var state: UInt64 = 1
        return (0..<4096).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407  // Knuth's MMIX
            let unit = Double(state >> 11) / Double(1 << 53 as UInt64)
            return exp(log(0.001) + unit * log(20 / 0.001))
        }
    }
}
