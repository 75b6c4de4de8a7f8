// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdTesting
import Testing
import WingbeatHummingbird

/// A service whose telemetry stays in memory.
struct ObservedService {
    let telemetry: Telemetry
    let spans = InMemorySpanReporter()
    let lines = InMemoryLogSink()
    let router = Router()
    let logger: Logger

    init(options: ObservationOptions = ObservationOptions()) throws {
        var configuration = TelemetryConfiguration(serviceName: "observed", environment: [:])
        configuration.spanEndpoint = nil
        telemetry = Telemetry.isolated(configuration)
        telemetry.tracer.reconfigure(
            WingbeatTracer.Configuration(resource: configuration.resource, reporter: spans)
        )
        let pipeline = LogPipeline(encoder: LogfmtEncoder(), sink: lines)
        logger = Logger(label: "observed") { WingbeatLogHandler(label: $0, pipeline: pipeline) }
        router.observe(telemetry, options: options)
    }

    /// Runs the test against a server on a port of the loopback interface.
    func test(_ body: @Sendable @escaping (any TestClientProtocol) async throws -> Void) async throws {
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            logger: logger
        )
        try await application.test(.live, body)
    }

    /// The lines that the middleware wrote.
    var accessLines: [String] { lines.lines.filter { $0.contains("duration_ms=") } }

    func requests(_ method: String, _ route: String, _ status: String) -> MetricSnapshot.Value? {
        telemetry.registry.snapshot()["http.server.requests", labels(method, route, status)]
    }

    func durations(_ method: String, _ route: String, _ status: String) -> UInt64? {
        let value = telemetry.registry.snapshot()["http.server.request.duration", labels(method, route, status)]
        guard case .histogram(let histogram) = value else { return nil }
        return histogram.count
    }

    private func labels(_ method: String, _ route: String, _ status: String) -> LabelSet {
        ["http.request.method": method, "http.route": route, "http.response.status_code": status]
    }

    var activeRequests: MetricSnapshot.Value? {
        telemetry.registry.snapshot()["http.server.active_requests", ["http.request.method": "GET"]]
    }
}

/// Waits, without a fixed pause, until something that another task does has happened.
func eventually(_ condition: () -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(10)
    while !condition() {
        if ContinuousClock.now > deadline { return false }
        await Task.yield()
    }
    return true
}
