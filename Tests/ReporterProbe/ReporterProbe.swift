// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ServiceLifecycle
import UnixSignals
import Wingbeat

/// A service that makes spans, for the integration tests: `ReporterProbe <spans> <spans a second>`.
///
/// The usual variables say where spans go; `PROBE_SPOOL` is the folder of a spool, and with `PROBE_TAIL` only traces with
/// an error are kept: every tenth. With `PROBE_FORGET` every twentieth span is never ended. Every 50 ms, and at the end, it prints its books as a line of JSON. It goes on until
/// it is interrupted; with `PROBE_CANCEL` it is cancelled when all spans are made, without a graceful shutdown.
@main
struct ReporterProbe {
    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard numbers.count == 2 else { throw CocoaError(.featureUnsupported) }
        let environment = ProcessInfo.processInfo.environment
        var configuration = TelemetryConfiguration(serviceName: "reporter-probe")
        configuration.spanSpool = environment["PROBE_SPOOL"].map { SpanSpool(directory: $0) }
        if environment["PROBE_TAIL"] != nil { configuration.tailSampling = .errors }
        configuration.spanDelivery.backoff.maximum = .milliseconds(500)
        let telemetry = try Telemetry.configure(configuration)
        let load = Load(telemetry: telemetry, spans: numbers[0], rate: numbers[1])
        if environment["PROBE_CANCEL"] != nil {
            await cancel(telemetry, after: load)
        } else {
            let group = ServiceGroup(
                services: [telemetry, load],
                gracefulShutdownSignals: [.sigint],
                logger: telemetry.logger
            )
            try await group.run()
        }
        load.printBooks()
    }

    private static func cancel(_ telemetry: Telemetry, after load: Load) async {
        let running = Task { try await telemetry.run() }
        await load.makeSpans()
        running.cancel()
        _ = await running.result
    }
}

/// Makes spans, and prints between two of them what became of those before.
final class Load: Service {
    private let telemetry: Telemetry
    private let spans: Int
    private let rate: Int
    private let made = Counted()
    private let forgets = ProcessInfo.processInfo.environment["PROBE_FORGET"] != nil

    init(telemetry: Telemetry, spans: Int, rate: Int) {
        self.telemetry = telemetry
        self.spans = spans
        self.rate = max(rate, 20)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.makeSpans() }
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(50)) }
            printBooks()
        }
    }

    func makeSpans() async {
        while made.value < spans, !Task.isCancelled {
            for _ in 0..<min(rate / 20, spans - made.value) { makeSpan() }
            printBooks()
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private func makeSpan() {
        let number = made.value
        let span = startSpan("GET /orders/{id}", ofKind: .server)
        span.attributes["number"] = number
        span.attributes["http.route"] = "/orders/{id}"
        if number % 10 == 0 { span.setStatus(SpanStatus(code: .error, message: "declined")) }
        if !forgets || number % 20 != 5 { span.end() }
        made.value += 1
    }

    /// One reading of the registry, as a line of JSON.
    func printBooks() {
        var books = ["made": Double(made.value)]
        for family in telemetry.registry.snapshot().families where family.descriptor.name.hasPrefix("wingbeat.spans.") {
            let name = String(family.descriptor.name.dropFirst("wingbeat.spans.".count))
            for series in family.series {
                guard case .counter(let value) = series.value else {
                    if case .gauge(let value) = series.value { books[name, default: 0] += value }
                    continue
                }
                books[name, default: 0] += value
            }
        }
        guard let line = try? JSONSerialization.data(withJSONObject: books, options: .sortedKeys) else { return }
        FileHandle.standardOutput.write(line + Data("\n".utf8))
    }
}

/// A number that one task at a time changes.
final class Counted: @unchecked Sendable {
    var value = 0
}
