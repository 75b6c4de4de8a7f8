// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatMetricsGraphite

/// `ExporterProbe graphite <once or fuzz> <tcp or udp> <flat or tagged> <port>` or `... steady <seconds> <difference or
/// cumulative> <port>`, over TCP. Points are a second apart.
enum GraphiteProbe {
    static func run(_ arguments: [String]) async throws -> [String: Double] {
        guard arguments.count == 4 else { throw CocoaError(.featureUnsupported) }
        var configuration = GraphiteConfiguration(host: "127.0.0.1", port: Int(arguments[3]) ?? 0)
        configuration.resolution = .seconds(1)
        configuration.prefix = "wingbeat"
        switch arguments[0] {
        case "once", "fuzz":
            configuration.transport = arguments[1] == "udp" ? .udp : .tcp
            configuration.naming = arguments[2] == "tagged" ? .tagged : .flat
            configuration.interval = .seconds(3600)
            let push = push(configuration)
            return arguments[0] == "once" ? await push.once() : await push.withRandomLabels()
        case "steady":
            configuration.counters = arguments[2] == "cumulative" ? .cumulative : .difference
            configuration.interval = .milliseconds(200)
            return await push(configuration).steadily(seconds: Int(arguments[1]) ?? 0)
        default: throw CocoaError(.featureUnsupported)
        }
    }

    private static func push(_ configuration: GraphiteConfiguration) -> PushRun {
        PushRun { .graphite(configuration, registry: $0, reportTrouble: $1) }
    }
}
