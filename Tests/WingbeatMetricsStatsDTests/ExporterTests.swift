// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import WingbeatMetricsStatsD

@Suite("The StatsD exporter")
struct ExporterTests {
    @Test func `sends what was added since the flush before`() async throws {
        let receiver = try LoopbackSocket.udp()
        let registry = MetricRegistry()
        let requests = registry.counter("requests", labels: ["method"])
        requests["GET"].increment(by: 5)
        let exporter = PushExporter.statsD(configuration(receiver), registry: registry)
        let running = Task { await exporter.run() }
        exporter.flush()
        #expect(await receiver.receive()?.split(separator: "\n").first == "requests.GET:5|c")
        requests["GET"].increment(by: 2)
        exporter.flush()
        #expect(await receiver.receive()?.split(separator: "\n").first == "requests.GET:2|c")
        exporter.flush()
        #expect(await receiver.receive()?.contains("requests") == false)
        running.cancel()
        await running.value
    }

    @Test func `sends the last observations when it ends, and catches none after`() async throws {
        let receiver = try LoopbackSocket.udp()
        let registry = MetricRegistry()
        let latency = registry.histogram("latency", unit: "seconds")
        let exporter = PushExporter.statsD(configuration(receiver), registry: registry)
        let running = Task { await exporter.run() }
        latency[].observe(.milliseconds(250))
        running.cancel()
        await running.value
        #expect(await receiver.receive()?.split(separator: "\n").contains("latency:250|ms") == true)
        latency[].observe(.milliseconds(250))
        let next = PushExporter.statsD(configuration(receiver), registry: registry)
        let runningNext = Task { await next.run() }
        runningNext.cancel()
        await runningNext.value
        #expect(await receiver.receive()?.contains("latency") == false)
    }

    @Test func `reports a variable that is not understood`() {
        let sentences = Mutex<[String]>([])
        _ = PushExporter.statsD(
            StatsDConfiguration(environment: ["DD_DOGSTATSD_PORT": "x"]),
            registry: MetricRegistry(),
            reportTrouble: { sentence in sentences.withLock { $0.append(sentence) } }
        )
        #expect(sentences.withLock { $0 } == ["dogstatsd: DD_DOGSTATSD_PORT is ignored: 'x' is not a port"])
    }

    private func configuration(_ receiver: LoopbackSocket) -> StatsDConfiguration {
        var configuration = StatsDConfiguration(address: .udp(host: "127.0.0.1", port: receiver.port))
        configuration.interval = .seconds(3600)
        return configuration
    }
}
