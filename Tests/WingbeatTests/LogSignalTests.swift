// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Wingbeat

/// Each test has a process of its own, for signals are the process'.
@Suite("Signals to the log")
struct LogSignalTests {
    @Test("SIGHUP opens a renamed file anew, SIGUSR1 shows more and SIGUSR2 less, each until the last level")
    func followed() async {
        await #expect(processExitsWith: .success) {
            for number in [SIGHUP, SIGUSR1, SIGUSR2] { signal(number, SIG_IGN) }
            let path = NSTemporaryDirectory() + "wingbeat-\(UUID().uuidString).log"
            defer { for name in [path, path + ".1"] { unlink(name) } }
            var configuration = quiet
            configuration.logs = LogConfiguration(sink: try FileSink(path: path))
            configuration.logsFollowSignals = true
            let telemetry = Telemetry.isolated(configuration)
            let pipeline = telemetry.logPipeline
            telemetry.log.info("before")
            rename(path, path + ".1")
            let run = Task { try await telemetry.run() }
            // Until the service listens, the signal is ignored.
            #expect(await eventually(sending: SIGHUP) { access(path, F_OK) == 0 })
            telemetry.log.info("after")
            #expect(try String(contentsOfFile: path + ".1", encoding: .utf8).contains("msg=before\n"))
            #expect(try String(contentsOfFile: path, encoding: .utf8).contains("msg=after\n"))

            kill(getpid(), SIGUSR1)
            #expect(await eventually { pipeline.level == .debug })
            kill(getpid(), SIGUSR2)
            #expect(await eventually { pipeline.level == .info })
            #expect(await eventually(sending: SIGUSR1) { pipeline.level == .trace })
            #expect(await eventually(sending: SIGUSR2) { pipeline.level == .critical })
            #expect(await eventually(sending: SIGUSR1) { pipeline.level < .critical })
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains(#"level=notice logger=wingbeat.logs msg="log level changed" level_now=debug"# + "\n"))
            run.cancel()
            try await run.value
        }
    }

    @Test("do what they did unless they were asked for", arguments: [SIGUSR1, SIGUSR2, SIGHUP])
    func notAskedFor(_ number: CInt) async {
        await #expect(processExitsWith: .signal(number)) { [number = number as CInt] in
            signal(number, SIG_DFL)
            let telemetry = Telemetry.isolated(quiet)
            let run = Task { try await telemetry.run() }
            try await Task.sleep(for: .milliseconds(200))
            kill(getpid(), number)
            try await run.value
        }
    }
}

private var quiet: TelemetryConfiguration {
    var configuration = TelemetryConfiguration(serviceName: "signals", environment: [:])
    configuration.spanEndpoint = nil
    return configuration
}

/// Waits until something is so, for ten seconds at most, and sends a signal each time when it is not.
private func eventually(sending number: CInt? = nil, _ isSo: () -> Bool) async -> Bool {
    for _ in 0..<500 {
        if isSo() { return true }
        if let number { kill(getpid(), number) }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return isSo()
}
