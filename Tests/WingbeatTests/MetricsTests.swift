// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Wingbeat
import WingbeatDelivery
import WingbeatTesting

@Suite("The metrics of a telemetry")
struct MetricsTests {
    private let lines = InMemoryLogSink()
    private let telemetry: Telemetry

    init() {
        var configuration = TelemetryConfiguration(serviceName: "shop", environment: [:])
        configuration.logs = LogConfiguration(sink: lines)
        configuration.spanEndpoint = nil
        configuration.resource.attributes = [Attribute("service.version", "1.2")]
        telemetry = Telemetry.isolated(configuration)
    }

    @Test("misuse is a warning in the log, once for each metric")
    func misuse() {
        telemetry.registry.counter("jobs")[].increment()
        for _ in 0..<3 { telemetry.registry.gauge("jobs")[].set(1) }
        #expect(
            lines.lines.filter { $0.contains("level=warning") && $0.contains("jobs is a counter already") }.count == 1
        )
    }

    @Test("the service's attributes are facts of their own, and the process' figures are there")
    func facts() {
        let reading = MetricReading(telemetry.registry)
        #expect(reading.gauge("target", ["service.name": "shop", "service.version": "1.2"]) == 1)
        #expect(reading.gauge("process_resident_memory_bytes").map { $0 > 1e6 } == true)
    }

    @Test("exporters come and go while the service runs, and each sends what is left when it goes")
    func attach() async {
        let senders = [RecordingSender(), RecordingSender()]
        let exporters = senders.map { sender in
            PushExporter(name: "test", registry: telemetry.registry, encoder: Jobs(), sender: sender)
        }
        let jobs = telemetry.registry.counter("jobs")[]
        telemetry.attach(exporters[0])
        telemetry.attach(exporters[0])
        telemetry.attach(exporters[1])
        jobs.increment(by: 2)
        await telemetry.detach(exporters[0])
        jobs.increment()
        await telemetry.detach(exporters[1])
        await telemetry.detach(exporters[1])
        #expect(senders[0].texts == ["2.0"])
        #expect(senders[1].texts == ["3.0"])
        let areClosed = senders.map(\.isClosed)
        #expect(areClosed == [true, true])
    }

    @Test("trouble of an exporter is a warning in the log")
    func trouble() async {
        let sender = RecordingSender()
        sender.fail(with: .rejected("no"))
        let exporter = PushExporter(name: "test", registry: telemetry.registry, encoder: Jobs(), sender: sender)
        telemetry.registry.counter("jobs")[].increment()
        telemetry.attach(exporter)
        await telemetry.detach(exporter)
        #expect(lines.lines.contains { $0.contains("level=warning") && $0.contains("test: refused and dropped: no") })
    }
}

private struct Jobs: MetricEncoder {
    func encode(_ reading: MetricSnapshot, at unixNanoseconds: UInt64) -> [[UInt8]] {
        guard case .counter(let jobs)? = reading["jobs"] else { return [] }
        return [Array("\(jobs)".utf8)]
    }
}
