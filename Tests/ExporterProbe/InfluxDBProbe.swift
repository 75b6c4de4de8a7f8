// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatMetricsInfluxDB

/// `ExporterProbe influxdb once <destination>`, `... fuzz <destination>` or `... steady <seconds> <destination>`, where the destination is
/// `v1 <url> <database> [<user> <password> [<retention policy>]]`, `v2 <url> <organization> <bucket> <token>` or
/// `udp <port>`. With `PROBE_GZIP` set bodies are compressed; `PROBE_QUEUE` is how many messages wait.
enum InfluxDBProbe {
    static func run(_ arguments: [String]) async throws -> [String: Double] {
        switch arguments.first {
        case "once":
            let configuration = try configuration(arguments.dropFirst(1), interval: .seconds(3600))
            return await push(configuration).once()
        case "fuzz":
            let configuration = try configuration(arguments.dropFirst(1), interval: .seconds(3600))
            return await push(configuration).withRandomLabels()
        case "steady" where arguments.count > 2:
            let configuration = try configuration(arguments.dropFirst(2), interval: .milliseconds(200))
            return await push(configuration).steadily(seconds: Int(arguments[1]) ?? 0)
        default: throw CocoaError(.featureUnsupported)
        }
    }

    private static func push(_ configuration: InfluxDBConfiguration) -> PushRun {
        PushRun { .influxDB(configuration, registry: $0, reportTrouble: $1) }
    }

    private static func configuration(
        _ destination: ArraySlice<String>,
        interval: Duration
    ) throws -> InfluxDBConfiguration {
        var configuration = InfluxDBConfiguration(try parsed(Array(destination)))
        configuration.interval = interval
        configuration.labels = ["host": "probe"]
        let environment = ProcessInfo.processInfo.environment
        configuration.isCompressed = environment["PROBE_GZIP"] != nil
        let messages = environment["PROBE_QUEUE"].flatMap { Int($0) } ?? 1000
        configuration.maximumQueuedBytes = messages * configuration.maximumMessageSize
        return configuration
    }

    private static func parsed(_ words: [String]) throws -> InfluxDBConfiguration.Destination {
        let word = { (index: Int) in index < words.count ? words[index] : nil }
        switch (words.first, words.count) {
        case ("v1", 3...):
            return .v1(url: words[1], database: words[2], retentionPolicy: word(5), user: word(3), password: word(4))
        case ("v2", 5): return .v2(url: words[1], organization: words[2], bucket: words[3], token: words[4])
        case ("udp", 2): return .udp(host: "127.0.0.1", port: Int(words[1]) ?? 0)
        default: throw CocoaError(.featureUnsupported)
        }
    }
}
