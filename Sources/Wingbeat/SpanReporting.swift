// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import Synchronization
import WingbeatDelivery
import WingbeatMetrics
import WingbeatTraces
import WingbeatTracesReporting

/// The reporter that a configuration asks for.
struct SpanReporting: Sendable {
    let reporter: any SpanReporter

    init(_ configuration: TelemetryConfiguration, registry: MetricRegistry, logger: Logger) {
        var reporters = configuration.spanExporters.map { exporter -> any SpanReporter in
            let name = exporter.rawValue
            let report: @Sendable (String) -> Void = {
                logger.warning("spans: \($0)", metadata: ["exporter": "\(name)"])
            }
            return Self.reporter(exporter, configuration, registry, report)
        }
        reporters += configuration.spanReporters
        let all: any SpanReporter = reporters.isEmpty ? DiscardingSpanReporter() : MultiSpanReporter(reporters)
        reporter =
            configuration.tailSampling.map { rule in
                TailSamplingReporter(
                    keeping: rule,
                    to: all,
                    configuration: configuration.tailBuffer,
                    factory: registry
                )
            } ?? all
    }

    private static func reporter(
        _ exporter: SpanExporter,
        _ configuration: TelemetryConfiguration,
        _ registry: MetricRegistry,
        _ reportTrouble: @escaping @Sendable (String) -> Void
    ) -> any SpanReporter {
        switch exporter {
        case .zipkin:
            ZipkinReporter(
                configuration.zipkin,
                delivery: configuration.spanDelivery,
                spool: configuration.spanSpool,
                factory: registry,
                reportTrouble: reportTrouble
            )
        case .otlp:
            OTLPReporter(
                configuration.otlp,
                delivery: configuration.spanDelivery,
                spool: configuration.spanSpool,
                factory: registry,
                reportTrouble: reportTrouble
            )
        case .console: ConsoleSpanReporter()
        }
    }
}

/// The reporters that no telemetry runs yet. Of their queues there is one: what waits in an earlier one moves on.
final class IdleReporters: Sendable {
    private let reporters = Mutex<[any QueueingSpanReporter & Service]>([])

    /// The reporters, for the caller to run.
    func take() -> [any Service] {
        reporters.withLock { reporters in
            defer { reporters = [] }
            return reporters
        }
    }

    /// Adds a reporter, if it has anything to run; where it has a queue it stands in for the others that have.
    func add(_ new: any SpanReporter) {
        guard let new = new as? any QueueingSpanReporter & Service else { return }
        let replaced = reporters.withLock { reporters in
            let replaced = new.hasQueue ? reporters.filter(\.hasQueue) : []
            if new.hasQueue { reporters.removeAll(where: \.hasQueue) }
            reporters.append(new)
            return replaced
        }
        for old in replaced { new.adopt(old.withdraw()) }
    }
}
