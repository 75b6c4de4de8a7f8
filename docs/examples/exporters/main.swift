// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import UnixSignals
import Wingbeat

// A service that counts its ticks and sends them to the backends that are named: `exporters statsd graphite`.
let telemetry = try Telemetry.configure("checkout")
let names = CommandLine.arguments.dropFirst()
for name in names {
    guard let attach = exporters[name] else {
        telemetry.logger.error("no such backend", metadata: ["name": "\(name)", "known": "\(exporters.keys.sorted())"])
        continue
    }
    attach(telemetry)
}
let group = ServiceGroup(
    services: [Ticker(registry: telemetry.registry), telemetry],
    gracefulShutdownSignals: [.sigterm, .sigint],
    logger: telemetry.logger
)
try await group.run()

/// Something to count.
struct Ticker: Service {
    let registry: MetricRegistry

    func run() async throws {
        let ticks = registry.counter("ticks", help: "Seconds that went by.")[]
        try await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(1))
                ticks.increment()
            }
        }
    }
}
