// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Metrics
public import ServiceLifecycle
public import WingbeatDelivery
import WingbeatDeliveryHTTP
import WingbeatSpanCodecs
public import WingbeatTraces

/// Sends finished spans to a Zipkin endpoint, in batches, from a bounded queue.
///
/// Its metrics are `wingbeat.spans.recorded`, `.exported`, `.dropped` (by reason) and `.queued`;
/// `recorded = exported + dropped + queued` holds at every reading (`BatchPump`). Statuses 408, 429 and 5xx are
/// temporary, 413 halves the batch, and other failures drop it.
public final class ZipkinReporter: SpanReporter, QueueingSpanReporter, Service {
    /// The path of Zipkin's API on the collector's usual port: where OpenTelemetry's exporters send by default.
    public static let defaultURL = "http://127.0.0.1:9411/api/v2/spans"

    /// How spans are written.
    public enum Encoding: Hashable, Sendable {
        /// Zipkin v2 JSON, which every Zipkin reads.
        case json
        /// Zipkin v2 in protocol buffers: smaller and quicker.
        case protobuf
    }

    /// Where and how spans are posted.
    public struct Configuration: Sendable {
        /// The whole URL, path included.
        public var url = ZipkinReporter.defaultURL
        /// How spans are written.
        public var encoding = Encoding.json
        /// Other headers, such as a token.
        public var headers: [(name: String, value: String)] = []
        /// Whether bodies are compressed with gzip.
        public var isCompressed = false
        /// How long one attempt may take.
        public var timeout: Duration = .seconds(10)

        /// Zipkin v2 JSON to a collector on this machine.
        public init() {}
    }

    private let pump: SpanPump

    /// - Parameters:
    ///   - configuration: where and how spans are posted.
    ///   - delivery: sizes and times of the queue.
    ///   - spool: where spans wait on disk while the collector is away; nil for nowhere.
    ///   - factory: where the metrics are kept.
    ///   - reportTrouble: called with a sentence for a person (see `BatchPump`).
    public convenience init(
        _ configuration: Configuration,
        delivery: DeliveryConfiguration = DeliveryConfiguration(),
        spool: SpanSpool? = nil,
        factory: any MetricsFactory = MetricsSystem.factory,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let isJSON = configuration.encoding == .json
        var http = HTTPSender.Configuration(
            url: configuration.url,
            contentType: isJSON ? "application/json" : "application/x-protobuf"
        )
        http.headers = configuration.headers
        http.isCompressed = configuration.isCompressed
        http.timeout = configuration.timeout
        self.init(
            sender: HTTPSender(http),
            encoding: configuration.encoding,
            configuration: delivery,
            spool: spool,
            factory: factory,
            reportTrouble: reportTrouble
        )
    }

    /// A reporter that posts Zipkin v2 JSON to a URL.
    public convenience init(
        url: String = ZipkinReporter.defaultURL,
        configuration: DeliveryConfiguration = DeliveryConfiguration(),
        factory: any MetricsFactory = MetricsSystem.factory,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        var http = Configuration()
        http.url = url
        self.init(http, delivery: configuration, factory: factory, reportTrouble: reportTrouble)
    }

    /// A reporter with a sender of the caller's choice.
    public init(
        sender: any ByteSender,
        encoding: Encoding = .json,
        configuration: DeliveryConfiguration = DeliveryConfiguration(),
        spool: SpanSpool? = nil,
        factory: any MetricsFactory = MetricsSystem.factory,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        pump = SpanPump(
            format: encoding == .json ? "zipkin-json" : "zipkin-protobuf",
            delivery: configuration,
            spool: spool,
            factory: factory,
            sender: sender,
            reportTrouble: reportTrouble,
            encode: { encoding == .json ? ZipkinJSONEncoder.encode($0) : ZipkinProtobufEncoder.encode($0) }
        )
    }

    /// What became of all spans so far, at one moment.
    public var counts: DeliveryCounts { pump.counts }

    /// Queues the span; drops and counts it when the queue is full.
    public func report(_ span: FinishedSpan) { pump.report(span) }

    /// Sends until shutdown or cancellation, then flushes within its time limit. Never throws.
    public func run() async { await pump.run() }

    /// Takes back what waits.
    package func withdraw() -> [FinishedSpan] { pump.withdraw() }
}
