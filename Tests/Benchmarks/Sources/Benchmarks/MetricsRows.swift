// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Foundation
import Synchronization
import WingbeatMetrics
import WingbeatMetricsPrometheus

/// Counting, observing, and reading it all.
enum MetricsRows {
    static var all: [Benchmark] { [increment, lookUp, observe, scrape] }

    private static var increment: Benchmark {
        Benchmark(name: "counter increment, handle kept", reference: "Atomic relaxed add") {
            let counter = MetricRegistry().counter("http_requests", labels: ["method"])["GET"]
            let limit = AtomicCounter()
            return Measurement(
                of: { for _ in 0..<$0 { counter.increment() } },
                beside: { for _ in 0..<$0 { limit.increment() } }
            )
        }
    }

    private static var lookUp: Benchmark {
        Benchmark(name: "counter look-up by three labels + increment", reference: "C: hash, probe, compare, add") {
            let family = MetricRegistry().counter("http_requests", labels: ["method", "route", "code"])
            limit_lookup_prepare()
            return Measurement(
                of: { for _ in 0..<$0 { family["GET", "/x", "200"].increment() } },
                beside: { limit_lookup(UInt64($0)) }
            )
        }
    }

    private static var observe: Benchmark {
        Benchmark(name: "histogram observe, 11 bounds", reference: "C: bound count, add, CAS") {
            let histogram = MetricRegistry().histogram("request_duration", buckets: .seconds, labels: ["method"])["GET"]
            let bounds = Buckets.seconds.upperBounds
            let values = logUniformValues
            return Measurement(
                of: { count in
                    for position in 0..<count { histogram.observe(values[position & (values.count - 1)]) }
                },
                beside: { limit_histogram(UInt64($0), bounds, bounds.count, values, values.count) }
            )
        }
    }

    private static var scrape: Benchmark {
        Benchmark(name: "scrape of 10,000 counters", reference: "C: memcpy of prefixes, itoa") {
            let registry = registryOf(series: 10_000)
            let encoder = PrometheusTextEncoder()
            let text = encoder.encode(registry.snapshot())
            let exposition = exposition_make(text, text.count)
            defer { exposition_free(exposition) }
            return Measurement(
                of: { for _ in 0..<$0 { black_hole(UInt64(encoder.encode(registry.snapshot()).count)) } },
                beside: { count in
                    withUnsafePointer(to: exposition) { exposition in
                        for _ in 0..<count { black_hole(UInt64(exposition_write(exposition))) }
                    }
                }
            )
        }
    }
}

private final class AtomicCounter: Sendable {
    private let count = Atomic<UInt64>(0)

    func increment() { count.wrappingAdd(1, ordering: .relaxed) }
}

/// 4096 values from 1 ms to 20 s, as many in each decade, in an order that no predictor of jumps learns.
private var logUniformValues: [Double] {
    var state: UInt64 = 1
    return (0..<4096).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407  // Knuth's MMIX
        let unit = Double(state >> 11) / Double(1 << 53 as UInt64)
        return exp(log(0.001) + unit * log(20 / 0.001))
    }
}

private func registryOf(series count: Int) -> MetricRegistry {
    let registry = MetricRegistry()
    let family = registry.counter("http_requests", help: "Requests.", labels: ["method", "route", "code"])
    for index in 0..<count {
        family["GET", "/api/v1/resource/\(index % 1000)", "\(200 + index / 1000)"].increment(by: Int64(index) * 37)
    }
    return registry
}
