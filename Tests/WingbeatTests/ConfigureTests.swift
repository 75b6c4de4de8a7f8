// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Wingbeat

/// The process can be set up only once, so what is global is tested in order, in one suite.
@Suite("Telemetry.configure", .serialized)
struct ConfigureTests {
    private func configuration(_ name: String, sink: InMemoryLogSink) -> TelemetryConfiguration {
        var configuration = TelemetryConfiguration(serviceName: name, environment: [:])
        configuration.logs = LogConfiguration(sink: sink)
        configuration.spanEndpoint = nil
        return configuration
    }

    @Test("connects the ecosystem's loggers, metrics and spans, and a second call reconfigures instead of trapping")
    func configureTwice() throws {
        let early = Counter(label: "before_any_configuration")
        early.increment()  // made before: recorded by the no-op backend, as swift-metrics has it

        let first = InMemoryLogSink()
        let telemetry = try Telemetry.configure(configuration("one", sink: first))
        let counter = Counter(label: "configure_test", dimensions: [("a", "1")])
        counter.increment()
        let logger = Logger(label: "old")
        withSpan("work") { span in
            logger.info("inside")
            #expect(span.isRecording)
        }
        #expect(first.lines.count == 1)
        #expect(first.lines.first?.contains("trace_id=") == true)
        #expect(telemetry.registry === MetricRegistry.shared)

        let second = InMemoryLogSink()
        var changed = configuration("two", sink: second)
        changed.sampler = NeverSampler()
        changed.logs.outputs[0].encoder = JSONLinesEncoder()
        let again = try Telemetry.configure(changed)
        counter.increment()
        logger.info("a logger from before")
        withSpan("unsampled") { span in #expect(!span.isRecording) }
        #expect(first.lines.count == 1)
        #expect(second.lines.first?.hasPrefix("{") == true)
        #expect(again.registry.snapshot()["configure_test", ["a": "1"]] == .counter(2))
        #expect(again.serviceName == "two")
    }

    @Test("logs a warning for a variable that is not understood, and goes on without it")
    func badVariable() throws {
        let sink = InMemoryLogSink()
        var configuration = TelemetryConfiguration(serviceName: "x", environment: ["OTEL_PROPAGATORS": "xray"])
        configuration.logs = LogConfiguration(sink: sink)
        configuration.spanEndpoint = nil
        _ = Telemetry.isolated(configuration)
        #expect(sink.lines.count == 1)
        #expect(sink.lines.first?.contains("level=warning") == true)
        #expect(sink.lines.first?.contains("OTEL_PROPAGATORS=xray is not understood") == true)
    }
}
