// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatMetrics
import WingbeatMetricsPush
import WingbeatMetricsStatsD

/// `ExporterProbe statsd once <dialect> <url>`, `... calls <url> <type>` or `... steady <dialect> <url> <seconds> <queue>`.
enum StatsDProbe {
    static func run(_ arguments: [String]) async throws -> [String: Double] {
        switch (arguments.first, arguments.count) {
        case ("once", 3): return await once(configuration(arguments[2], dialect: arguments[1]))
        case ("calls", 3): return await calls(configuration(arguments[1]), type: arguments[2])
        case ("steady", 5):
            var configuration = configuration(arguments[2], dialect: arguments[1])
            configuration.maximumQueuedBytes = Int(arguments[4]) ?? 0
            return await steady(configuration, seconds: Int(arguments[3]) ?? 0)
        default: throw CocoaError(.featureUnsupported)
        }
    }

    /// Records the workload and exports it once, at the end.
    private static func once(_ configuration: StatsDConfiguration) async -> [String: Double] {
        let registry = MetricRegistry()
        var sums: [String: Double] = [:]
        await exporting(registry, configuration) {
            sums = Workload(registry: registry).recordOnce(seed: 1)
        }
        return sums.merging(registry.books(of: configuration.dialect.name)) { $1 }
    }

    /// Records what the test also asks Datadog's own client to send; takes Datadog's environment variables.
    private static func calls(_ configuration: StatsDConfiguration, type: String) async -> [String: Double] {
        var configuration = configuration
        configuration.prefix = "shop"
        configuration.globalTags.insert(contentsOf: [Label("team", "core"), Label("odd", "a b,c|d")], at: 0)
        configuration.observationType = .init(rawValue: type) ?? .timings
        configuration.sampleRate = type == "h" ? 0.5 : 1
        let registry = MetricRegistry()
        await exporting(registry, configuration) {
            registry.counter("page.views", labels: ["method", "route"])["GET", "/orders/ü"].increment(by: 3)
            registry.counter("logins")[].increment()
            registry.gauge("cold", labels: ["room"])["a:b"].set(-3.5)
            registry.gauge("warm")[].set(0.25)
            let sizes = registry.histogram("size", unit: "bytes", labels: ["kind"])
            let waits = registry.histogram("wait", unit: "seconds", labels: ["kind"])
            for _ in 0..<64 { sizes["x"].observe(1536.5) }
            for _ in 0..<64 { waits["x"].observe(.microseconds(12_500)) }
        }
        return registry.books(of: configuration.dialect.name)
    }

    /// Increments a counter all the time and exports every second.
    private static func steady(_ configuration: StatsDConfiguration, seconds: Int) async -> [String: Double] {
        var configuration = configuration
        configuration.interval = .seconds(1)
        let registry = MetricRegistry()
        let workload = Workload(registry: registry)
        var increments = 0
        var longest = Duration.zero
        await exporting(registry, configuration) {
            for _ in 0..<(seconds * 10) {
                let start = ContinuousClock.now
                increments += await workload.recordSteadily(for: .milliseconds(100))
                longest = max(longest, start.duration(to: .now))
            }
        }
        let results = ["increments": Double(increments), "longestTenthOfASecond": longest / .seconds(1)]
        return results.merging(registry.books(of: configuration.dialect.name)) { $1 }
    }

    /// Runs an exporter while the body records.
    private static func exporting(
        _ registry: MetricRegistry,
        _ configuration: StatsDConfiguration,
        _ body: () async -> Void
    ) async {
        let exporter = PushExporter.statsD(configuration, registry: registry) { sentence in
            FileHandle.standardError.write(Data("\(sentence)\n".utf8))
        }
        let running = Task { await exporter.run() }
        await body()
        running.cancel()
        await running.value
    }

    private static func configuration(_ url: String, dialect: String = "dogstatsd") -> StatsDConfiguration {
        var environment = ProcessInfo.processInfo.environment
        environment["DD_DOGSTATSD_URL"] = url
        var configuration = StatsDConfiguration(environment: environment)
        let dialects = [StatsDDialect.statsD, .dogStatsD, .telegraf]
        configuration.dialect = dialects.first { $0.name == dialect } ?? .statsD
        return configuration
    }
}
