// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Wingbeat
import WingbeatMetricsPrometheus

@Suite("The metrics of the log")
struct LogMetricsTests {
    private func telemetry(_ change: (inout LogConfiguration) -> Void) -> Telemetry {
        var configuration = TelemetryConfiguration(serviceName: "shop", environment: [:])
        configuration.spanEndpoint = nil
        change(&configuration.logs)
        return Telemetry.isolated(configuration)
    }

    /// The lines of an exposition that tell of the log.
    private func exposed(_ telemetry: Telemetry) -> [String] {
        let answer = PrometheusEndpoint(registry: telemetry.registry).respond(accept: nil, acceptEncoding: nil)
        let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n").map(String.init)
        return lines.filter { $0.hasPrefix("wingbeat_logs_") }
    }

    @Test("are all there, at zero, before anything is logged")
    func empty() {
        let telemetry = telemetry { $0 = LogConfiguration(sink: InMemoryLogSink()) }
        #expect(
            Set(exposed(telemetry)) == [
                #"wingbeat_logs_lines_total{level="trace"} 0"#, #"wingbeat_logs_lines_total{level="debug"} 0"#,
                #"wingbeat_logs_lines_total{level="info"} 0"#, #"wingbeat_logs_lines_total{level="notice"} 0"#,
                #"wingbeat_logs_lines_total{level="warning"} 0"#, #"wingbeat_logs_lines_total{level="error"} 0"#,
                #"wingbeat_logs_lines_total{level="critical"} 0"#, #"wingbeat_logs_dropped_total{reason="full"} 0"#,
                #"wingbeat_logs_dropped_total{reason="failed"} 0"#, "wingbeat_logs_sampled_total 0",
                "wingbeat_logs_bytes_total 0",
            ]
        )
    }

    @Test("count lines by level, bytes, and lines that sampling kept back")
    func linesAndBytes() {
        let sink = InMemoryLogSink()
        let telemetry = telemetry {
            $0 = LogConfiguration(sink: sink)
            $0.sampling = LogSampling(first: 2, thereafter: 0, interval: .seconds(1 << 33))
        }
        for _ in 0..<5 { telemetry.log.info("m", ("k", 1)) }
        for _ in 0..<3 { telemetry.logger.error("m") }
        telemetry.log.debug("m")
        let lines = exposed(telemetry)
        let bytes = sink.lines.reduce(0) { $0 + $1.utf8.count + 1 }
        #expect(sink.lines.count == 5)
        #expect(lines.contains(#"wingbeat_logs_lines_total{level="info"} 2"#))
        #expect(lines.contains(#"wingbeat_logs_lines_total{level="error"} 3"#))
        #expect(lines.contains(#"wingbeat_logs_lines_total{level="debug"} 0"#))
        #expect(lines.contains("wingbeat_logs_sampled_total 3"))
        #expect(lines.contains("wingbeat_logs_bytes_total \(bytes)"))
    }

    @Test("count lines that were lost, by reason")
    func dropped() {
        let telemetry = telemetry {
            $0 = LogConfiguration(outputs: [
                LogOutput(sink: FakeSink(.full)), LogOutput(sink: FakeSink(.failed("no", writtenBytes: 0))),
            ])
            $0.outputs[1].level = .warning
        }
        telemetry.log.info("m")
        telemetry.log.warning("m")
        telemetry.log.warning("m")
        let lines = exposed(telemetry)
        #expect(lines.contains(#"wingbeat_logs_dropped_total{reason="full"} 3"#))
        #expect(lines.contains(#"wingbeat_logs_dropped_total{reason="failed"} 2"#))
        #expect(lines.contains("wingbeat_logs_bytes_total 0"))
    }
}

/// A fake that never takes anything.
private struct FakeSink: LogSink {
    private let error: LogSinkError

    init(_ error: LogSinkError) {
        self.error = error
    }

    func write(_ lines: LogLines) throws(LogSinkError) { throw error }
}
