// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Wingbeat
import WingbeatMetricsCirconus
import WingbeatMetricsConsole
import WingbeatMetricsExpvar
import WingbeatMetricsGraphite
import WingbeatMetricsInfluxDB
import WingbeatMetricsPrometheusHTTP
import WingbeatMetricsStatsD

/// The backends by the name that the command line gives, as their guides attach them.
let exporters: [String: @Sendable (Telemetry) -> Void] = [
    "statsd": { telemetry in
        var statsD = StatsDConfiguration()  // plain StatsD at udp://127.0.0.1:8125, every 10 seconds
        statsD.prefix = "checkout"
        statsD.sampleRate = 0.1  // of histograms; counters are exact at any rate
        telemetry.attach(.statsD(statsD))
    },
    "datadog": { telemetry in
        var datadog = StatsDConfiguration(environment: processEnvironment())
        datadog.observationType = .distributions
        telemetry.attach(.statsD(datadog))
    },
    "graphite": { telemetry in
        var graphite = GraphiteConfiguration(host: "127.0.0.1")  // TCP, port 2003
        graphite.prefix = "services.checkout"
        graphite.resolution = .seconds(10)  // as your storage-schemas.conf has it; one minute by default, as carbon
        telemetry.attach(.graphite(graphite))
    },
    "influxdb": { telemetry in
        var influx = InfluxDBConfiguration(.v1(url: "http://127.0.0.1:8086", database: "services"))
        influx.labels = ["service": "checkout"]  // tags of every point; a series' own label wins
        influx.isCompressed = true  // gzip
        telemetry.attach(.influxDB(influx))
    },
    "circonus": { telemetry in
        let url = "https://broker.example:43191/module/httptrap/<check>/<secret>"
        var circonus = CirconusConfiguration(submissionURL: url)
        circonus.labels = ["service": "checkout"]
        circonus.histograms = [.distribution, .quantiles]  // by default only the first
        telemetry.attach(.circonus(circonus))
    },
    "pushgateway": { telemetry in
        let exporter = PushExporter.pushgateway(job: "backup", grouping: ["instance": "db1"])
        telemetry.attach(exporter)
    },
    "console": { telemetry in
        telemetry.attach(.console())  // standard output, every 10 seconds
    },
    "once": { telemetry in
        print(telemetry.registry.snapshot().table())  // or whenever you like
        let expvar = ExpvarEndpoint(registry: telemetry.registry)
        print(String(decoding: expvar.respond().body, as: UTF8.self))
    },
]

/// The other doors of InfluxDB.
let influxDestinations: [InfluxDBConfiguration.Destination] = [
    .v1(url: "https://influx.example", database: "services", retentionPolicy: "two_weeks", user: "u", password: "p"),
    .v2(url: "https://influx.example", organization: "shop", bucket: "services", token: "..."),  // InfluxDB 2, 3, Cloud
    .udp(host: "127.0.0.1", port: 8089),  // the server's configuration names the database
]
