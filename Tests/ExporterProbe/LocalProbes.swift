// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatMetricsConsole
import WingbeatMetricsExpvar

/// `ExporterProbe expvar`: records the workload and prints what the endpoint answers, above the numbers recorded.
enum ExpvarProbe {
    static func run(_ arguments: [String]) async throws -> [String: Double] {
        let registry = MetricRegistry()
        let endpoint = ExpvarEndpoint(registry: registry)
        let recorded = Workload(registry: registry).recordOnce(seed: 1)
        FileHandle.standardOutput.write(Data(endpoint.respond().body))
        return recorded
    }
}

/// `ExporterProbe console`: records the workload and prints it as the exporter does, above the numbers recorded.
enum ConsoleProbe {
    static func run(_ arguments: [String]) async throws -> [String: Double] {
        await PushRun { registry, reportTrouble in
            var configuration = ConsoleConfiguration()
            configuration.interval = .seconds(3600)
            return .console(configuration, registry: registry, reportTrouble: reportTrouble)
        }.once()
    }
}
