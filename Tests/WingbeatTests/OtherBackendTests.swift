// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Wingbeat

/// Each test runs in a process of its own, for each API can be bootstrapped only once in one.
@Suite("Telemetry.configure beside another backend")
struct OtherBackendTests {
    @Test("says that swift-log was bootstrapped before, and leaves it alone")
    func logging() async {
        await #expect(processExitsWith: .success) {
            LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
            let error = #expect(throws: TelemetryError.self) { try Telemetry.configure("late") }
            #expect(error == .alreadyBootstrapped(api: "swift-log", backend: "SwiftLogNoOpLogHandler"))
            #expect(MetricsSystem.factory is NOOPMetricsHandler)
        }
    }

    @Test("says that swift-metrics was bootstrapped before, and leaves everything alone")
    func metrics() async {
        await #expect(processExitsWith: .success) {
            MetricsSystem.bootstrap(MultiplexMetricsHandler(factories: []))
            let error = #expect(throws: TelemetryError.self) { try Telemetry.configure("late") }
            #expect(error == .alreadyBootstrapped(api: "swift-metrics", backend: "MultiplexMetricsHandler"))
            #expect(Logger(label: "x").handler is StreamLogHandler)
        }
    }

    @Test("says that swift-distributed-tracing was bootstrapped before")
    func tracing() async {
        await #expect(processExitsWith: .success) {
            InstrumentationSystem.bootstrap(MultiplexInstrument([]))
            let error = #expect(throws: TelemetryError.self) { try Telemetry.configure("late") }
            #expect(error == .alreadyBootstrapped(api: "swift-distributed-tracing", backend: "MultiplexInstrument"))
        }
    }

    @Test("can be called after a metric was made: the process does not end")
    func calledLate() async {
        await #expect(processExitsWith: .success) {
            Counter(label: "early").increment()
            Logger(label: "early").debug("early")
            try Telemetry.configure("late")
            Counter(label: "later").increment()
            #expect(MetricRegistry.shared.snapshot()["later"] == .counter(1))
        }
    }
}
