// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatMetrics

/// A service for the integration tests: it records what the tests know, and exports it to the backend they started.
///
/// `ExporterProbe <backend> <arguments of the backend's probe>`; prints one JSON object with what it recorded.
@main
enum ExporterProbe {
    typealias Probe = @Sendable ([String]) async throws -> [String: Double]

    /// One line for each backend; each has a file of its own.
    static let probes: [String: Probe] = [
        "circonus": CirconusProbe.run,
        "console": ConsoleProbe.run,
        "expvar": ExpvarProbe.run,
        "graphite": GraphiteProbe.run,
        "influxdb": InfluxDBProbe.run,
        "prometheus": PrometheusProbe.run,
        "pushgateway": PushgatewayProbe.run,
        "dashboards": DashboardProbe.run,
        "statsd": StatsDProbe.run,
    ]

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first, let probe = probes[name] else {
            FileHandle.standardError.write(Data("expected one of \(probes.keys.sorted())\n".utf8))
            exit(64)
        }
        let recorded = try await probe(Array(arguments.dropFirst()))
        FileHandle.standardOutput.write(try JSONSerialization.data(withJSONObject: recorded, options: .sortedKeys))
        print()
    }
}

extension MetricRegistry {
    /// The books of an exporter: how many messages were recorded, exported, dropped and are queued.
    func books(of exporter: String) -> [String: Double] {
        var books: [String: Double] = [:]
        for family in snapshot().families where family.descriptor.name.hasPrefix("wingbeat.exporter.") {
            let key = String(family.descriptor.name.dropFirst("wingbeat.exporter.".count))
            for series in family.series where series.labels.labels.contains(Label("exporter", exporter)) {
                switch series.value {
                case .counter(let value), .gauge(let value): books[key, default: 0] += value
                case .histogram: break
                }
            }
        }
        return books
    }
}
