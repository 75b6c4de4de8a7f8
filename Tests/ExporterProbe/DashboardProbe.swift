// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ServiceLifecycle
import UnixSignals
import Wingbeat
import WingbeatMetricsPrometheusHTTP
import WingbeatMetricsStatsD

/// `ExporterProbe dashboards <port of a StatsD server> <port of its own>`: a worker with an exporter, which serves
/// `/metrics` until it is interrupted, for the tests of the dashboards.
enum DashboardProbe {
    static func run(_ arguments: [String]) async throws -> [String: Double] {
        let ports = arguments.compactMap { Int($0) }
        guard ports.count == 2 else { throw CocoaError(.featureUnsupported) }
        let telemetry = try Telemetry.configure("exporter-probe")
        var configuration = StatsDConfiguration(address: .udp(host: "127.0.0.1", port: ports[0]))
        configuration.interval = .seconds(1)
        telemetry.attach(.statsD(configuration, registry: telemetry.registry))
        telemetry.registry.gauge("probe.infinite")[].set(.infinity)  // which StatsD cannot say
        let group = ServiceGroup(
            services: [
                PrometheusServer(registry: telemetry.registry, configuration: .init(port: ports[1])), telemetry,
            ],
            gracefulShutdownSignals: [.sigint],
            logger: telemetry.logger
        )
        try await group.run()
        return telemetry.registry.books(of: configuration.dialect.name)
    }
}
