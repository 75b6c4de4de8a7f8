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

    @Test func `catches observations until it ends, and again when it runs again`() async throws {
        let receiver = try LoopbackSocket.udp()
        let registry = MetricRegistry()
        let latency = registry.histogram("latency", unit: "seconds")
        let exporter = PushExporter.statsD(configuration(receiver), registry: registry)
        latency[].observe(.milliseconds(1))
        await runOnce(exporter)
        #expect(await timings(receiver) == ["latency:1|ms"])
        latency[].observe(.milliseconds(2))
        await runOnce(exporter) { latency[].observe(.milliseconds(3)) }
        #expect(await timings(receiver) == ["latency:3|ms"])
    }

    @Test func `names a variable that is not understood when it starts`() async throws {
        let receiver = try LoopbackSocket.udp()
        let exporter = PushExporter.statsD(configuration(receiver), registry: MetricRegistry())
        let sentences = Mutex<[String]>([])
        exporter.onTrouble { sentence in sentences.withLock { $0.append(sentence) } }
        await runOnce(exporter)
        #expect(sentences.withLock { $0 } == ["statsd: DD_DOGSTATSD_PORT is ignored: 'x' is not a port"])
    }

    /// Runs the exporter, and ends it when it has started.
    private func runOnce(_ exporter: PushExporter, _ body: () -> Void = {}) async {
        let hasStarted = Atomic(false)
        exporter.onTrouble { _ in hasStarted.store(true, ordering: .relaxed) }  // of the variable, see below
        let running = Task { await exporter.run() }
        while !hasStarted.load(ordering: .relaxed) { await Task.yield() }
        body()
        running.cancel()
        await running.value
    }

    private func timings(_ receiver: LoopbackSocket) async -> [Substring]? {
        await receiver.receive()?.split(separator: "\n").filter { $0.hasSuffix("|ms") }
    }

    private func configuration(_ receiver: LoopbackSocket) -> StatsDConfiguration {
        var configuration = StatsDConfiguration(environment: ["DD_DOGSTATSD_PORT": "x"])
        configuration.dialect = .statsD
        configuration.address = .udp(host: "127.0.0.1", port: receiver.port)
        configuration.interval = .seconds(3600)
        return configuration
    }
}
