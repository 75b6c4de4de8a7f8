// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Metrics
public import ServiceLifecycle
public import WingbeatDelivery
import WingbeatDeliveryHTTP
public import WingbeatModel
import WingbeatSpanCodecs
public import WingbeatTraces

/// Sends finished spans as Zipkin v2 JSON, in batches, from a bounded queue.
///
/// Its metrics are `wingbeat.spans.recorded`, `.exported`, `.dropped` (by reason) and `.queued`;
/// `recorded = exported + dropped + queued` holds at all times (`BatchPump`).
public final class ZipkinReporter: SpanReporter, Service {
    /// The path of Zipkin's API on the collector's usual port: where OpenTelemetry's exporters send by default.
    public static let defaultURL = "http://127.0.0.1:9411/api/v2/spans"

    private let pump: BatchPump<SpanRecord>

    /// - Parameters:
    ///   - url: the whole URL, path included.
    ///   - configuration: sizes and times.
    ///   - factory: where the metrics are kept.
    ///   - reportTrouble: called with a sentence for a person (see `BatchPump`).
    public convenience init(
        url: String = ZipkinReporter.defaultURL,
        configuration: BatchPump<SpanRecord>.Configuration = BatchPump<SpanRecord>.Configuration(),
        factory: any MetricsFactory = MetricsSystem.factory,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let sender = HTTPSender(HTTPSender.Configuration(url: url, contentType: "application/json"))
        self.init(sender: sender, configuration: configuration, factory: factory, reportTrouble: reportTrouble)
    }

    /// A reporter with a sender of the caller's choice.
    public init(
        sender: any ByteSender,
        configuration: BatchPump<SpanRecord>.Configuration = BatchPump<SpanRecord>.Configuration(),
        factory: any MetricsFactory = MetricsSystem.factory,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        pump = BatchPump(
            configuration: configuration,
            prefix: "wingbeat.spans",
            factory: factory,
            sender: sender,
            reportTrouble: reportTrouble,
            encode: { ZipkinJSONEncoder.encode($0) }
        )
    }

    /// Queues the span; drops and counts it when the queue is full.
    public func report(_ span: FinishedSpan) {
        pump.offer(span.record)
    }

    /// Sends until shutdown or cancellation, then flushes within its time limit. Never throws.
    public func run() async {
        await pump.run()
    }
}
