// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Metrics
public import ServiceLifecycle
public import WingbeatDelivery
import WingbeatDeliveryHTTP
import WingbeatSpanCodecs
public import WingbeatTraces

/// Sends finished spans to an OpenTelemetry endpoint over HTTP (OTLP/HTTP), in batches, from a bounded queue.
///
/// Its metrics are those of ``ZipkinReporter``. Spans that the backend rejects in a partial success are dropped with the
/// reason `rejected`, and its message is told once. As OTLP wants it, statuses 429, 502, 503 and 504 (and 408) are
/// temporary, and other failures are not; 413 halves the batch.
///
/// Source: OTLP specification 1.x, "OTLP/HTTP Response".
public final class OTLPReporter: SpanReporter, QueueingSpanReporter, Service {
    /// The path of traces on OTLP/HTTP's port.
    public static let defaultURL = "http://127.0.0.1:4318/v1/traces"

    /// How spans are written.
    public enum Encoding: Hashable, Sendable {
        /// Protocol buffers: small and quick.
        case protobuf
        /// JSON: for who reads along.
        case json
    }

    /// Where and how spans are posted.
    public struct Configuration: Sendable {
        /// The whole URL, path included.
        public var url = OTLPReporter.defaultURL
        /// How spans are written.
        public var encoding = Encoding.protobuf
        /// Other headers, such as a token.
        public var headers: [(name: String, value: String)] = []
        /// Whether bodies are compressed with gzip.
        public var isCompressed = false
        /// How long one attempt may take.
        public var timeout: Duration = .seconds(10)

        /// Protocol buffers to a collector on this machine.
        public init() {}
    }

    private let pump: SpanPump

    /// - Parameters:
    ///   - configuration: where and how spans are posted.
    ///   - delivery: sizes and times of the queue.
    ///   - spool: where spans wait on disk while the backend is away; nil for nowhere.
    ///   - factory: where the metrics are kept.
    ///   - reportTrouble: called with a sentence for a person (see `BatchPump`).
    public init(
        _ configuration: Configuration = Configuration(),
        delivery: DeliveryConfiguration = DeliveryConfiguration(),
        spool: SpanSpool? = nil,
        factory: any MetricsFactory = MetricsSystem.factory,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        let isJSON = configuration.encoding == .json
        pump = SpanPump(
            format: isJSON ? "otlp-json" : "otlp-protobuf",
            delivery: delivery,
            spool: spool,
            factory: factory,
            sender: HTTPSender(Self.http(configuration)),
            reportTrouble: reportTrouble,
            encode: { isJSON ? OTLPJSONEncoder.encode($0) : OTLPProtobufEncoder.encode($0) }
        )
    }

    private static func http(_ configuration: Configuration) -> HTTPSender.Configuration {
        let isJSON = configuration.encoding == .json
        var http = HTTPSender.Configuration(
            url: configuration.url,
            contentType: isJSON ? "application/json" : "application/x-protobuf"
        )
        http.headers = configuration.headers
        http.isCompressed = configuration.isCompressed
        http.timeout = configuration.timeout
        http.retriesAllServerErrors = false
        http.examine = { answer in
            partialSuccess(isJSON ? try? OTLPResponse(json: answer) : try? OTLPResponse(protobuf: answer))
        }
        return http
    }

    /// An answer that cannot be read says nothing: the status says that the spans were taken.
    private static func partialSuccess(_ response: OTLPResponse?) -> DeliveryError? {
        guard let response, response.rejectedSpans != 0 || !response.errorMessage.isEmpty else { return nil }
        return .partlyRejected(count: Int(clamping: response.rejectedSpans), response.errorMessage)
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
