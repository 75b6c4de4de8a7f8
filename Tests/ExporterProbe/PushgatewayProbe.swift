// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatMetrics
import WingbeatMetricsPrometheusHTTP
import WingbeatMetricsPush
import WingbeatModel

/// `pushgateway <url> <seconds> [delete]`: records once, then steadily for so many seconds, and pushes every half second.
enum PushgatewayProbe {
    @Sendable
    static func run(_ arguments: [String]) async throws -> [String: Double] {
        guard arguments.count >= 2, let seconds = Double(arguments[1]) else { return [:] }
        let registry = MetricRegistry()
        var configuration = PushExporter.Configuration()
        configuration.interval = .milliseconds(500)
        let exporter = PushExporter.pushgateway(
            arguments[0],
            job: "probe/é",
            grouping: ["instance": "i1", "path": "/var/tmp", "empty": "", "odd": "a b?c%d&\"e\\"],
            registry: registry,
            deletesOnEnd: arguments.contains("delete"),
            configuration: configuration,
            reportTrouble: { FileHandle.standardError.write(Data("\($0)\n".utf8)) }
        )
        let pushing = Task { await exporter.run() }
        let workload = Workload(registry: registry)
        var recorded = workload.recordOnce(seed: 1)
        let steadily = Double(await workload.recordSteadily(for: .seconds(seconds)))
        recorded["GET", default: 0] += steadily
        pushing.cancel()
        await pushing.value
        return recorded.merging(registry.books(of: "pushgateway")) { recorded, _ in recorded }
    }
}
