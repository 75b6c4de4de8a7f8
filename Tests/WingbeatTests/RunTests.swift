// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import Testing
import Wingbeat

@Suite("Running telemetry")
struct RunTests {
    @Test("whichever telemetry is run accounts for the spans of all that were configured before")
    func configuredTwice() async {
        await #expect(processExitsWith: .success) {
            var configuration = TelemetryConfiguration(serviceName: "one", environment: [:])
            configuration.spanEndpoint = "http://127.0.0.1:1/api/v2/spans"  // nobody listens there
            configuration.logs = LogConfiguration(sink: InMemoryLogSink())
            let first = try Telemetry.configure(configuration)
            withSpan("of the first") { _ in }
            configuration.resource.serviceName = "two"
            let second = try Telemetry.configure(configuration)
            withSpan("of the second") { _ in }

            let run = Task { try await first.run() }
            run.cancel()
            try await run.value
            let snapshot = second.registry.snapshot()
            #expect(snapshot["wingbeat.spans.recorded"] == .counter(2))
            #expect(snapshot["wingbeat.spans.dropped", ["reason": "shutdown"]] == .counter(2))
            #expect(snapshot["wingbeat.spans.queued"] == .gauge(0))
        }
    }

    @Test("what is configured again and again without being run keeps one queue, and every span in the books")
    func configuredOften() async {
        await #expect(processExitsWith: .success) {
            var configuration = TelemetryConfiguration(serviceName: "often", environment: [:])
            configuration.spanEndpoint = "http://127.0.0.1:1/api/v2/spans"  // nobody listens there
            configuration.spanDelivery.queueCapacity = 10
            configuration.logs = LogConfiguration(sink: InMemoryLogSink())
            for _ in 0..<100 {
                try Telemetry.configure(configuration)
                withSpan("work") { _ in }
            }
            let last = try Telemetry.configure(configuration)
            let run = Task { try await last.run() }
            run.cancel()
            try await run.value
            let snapshot = last.registry.snapshot()
            #expect(snapshot["wingbeat.spans.recorded"] == .counter(100))
            #expect(snapshot["wingbeat.spans.dropped", ["reason": "queue_full"]] == .counter(90))
            #expect(snapshot["wingbeat.spans.dropped", ["reason": "shutdown"]] == .counter(10))
        }
    }

    @Test("the log is flushed at the end")
    func flushesTheLog() async throws {
        let memory = InMemoryLogSink()
        var configuration = TelemetryConfiguration(serviceName: "buffered", environment: [:])
        configuration.spanEndpoint = nil
        configuration.logs = LogConfiguration(
            sink: BufferedSink(to: memory, configuration: .init(interval: .seconds(600)))
        )
        let telemetry = Telemetry.isolated(configuration)
        telemetry.log.info("waits", ("k", 1))
        #expect(memory.lines.isEmpty)
        let run = Task { try await telemetry.run() }
        run.cancel()
        try await run.value
        #expect(memory.lines.count == 1)
        #expect(memory.lines.first?.hasSuffix("logger=buffered msg=waits k=1") == true)
    }

    @Test("telemetry without anything to send waits for the end, and does not end the group")
    func nothingToSend() async throws {
        var configuration = TelemetryConfiguration(serviceName: "quiet", environment: [:])
        configuration.spanEndpoint = nil
        let telemetry = Telemetry.isolated(configuration)
        let run = Task { try await telemetry.run() }
        run.cancel()
        try await run.value
    }
}
