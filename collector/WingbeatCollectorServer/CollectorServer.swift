// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird
import NIOCore
public import WingbeatCollector
public import WingbeatMetrics
import WingbeatMetricsPrometheus
import WingbeatSpanCodecs

/// The collector's face to the network: takes spans, answers queries, serves the page.
///
/// The API is Zipkin's, under `/api/v2` and `/zipkin/api/v2`; spans of its first version are taken under `/api/v1`, and
/// OpenTelemetry's at `/v1/traces`. `/metrics` is Prometheus' text format; `/health` asks the store.
public struct CollectorServer: Sendable {
    /// Limits of the server.
    public struct Configuration: Sendable {
        /// The largest body of a request, in bytes, as it comes over the wire.
        public var maximumBodyBytes = 10 * 1024 * 1024
        /// The largest body after it was inflated.
        public var maximumInflatedBytes = 64 * 1024 * 1024
        /// How far a search looks back when it does not say, in milliseconds.
        public var defaultLookback: Int64 = 86_400_000
        /// How many traces a search may ask for.
        public var maximumTraces = 10_000

        /// The defaults.
        public init() {}
    }

    private let store: any SpanStore
    private let intake: SpanIntake
    private let registry: MetricRegistry
    private let configuration: Configuration

    /// A server in front of a store.
    ///
    /// - Parameter registry: where the collector keeps its own metrics.
    public init(
        store: any SpanStore,
        registry: MetricRegistry = MetricRegistry(),
        configuration: Configuration = Configuration()
    ) {
        self.store = store
        self.intake = SpanIntake(store: store)
        self.registry = registry
        self.configuration = configuration
    }

    /// All routes.
    public func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.add(middleware: ErrorMiddleware())
        let metrics = ReceiverMetrics(registry)
        let query = ZipkinQueryAPI(store: store, intake: intake, configuration: configuration)
        for prefix in ["/api", "/zipkin/api"] {
            router.post("\(prefix)/v1/spans", use: receiver(.v1, metrics).receive)
            router.post("\(prefix)/v2/spans", use: receiver(.v2, metrics).receive)
            query.add(to: router.group("\(prefix)/v2"))
        }
        let openTelemetry = OTLPReceiver(intake: intake, metrics: metrics, configuration: configuration)
        router.group("v1").add(middleware: ErrorMiddleware(write: OTLPReceiver.write))
            .post("traces", use: openTelemetry.receive)
        JaegerAPI(store: store, intake: intake, configuration: configuration).add(to: router)
        JaegerV3API(store: store, configuration: configuration).add(to: router)
        JaegerMetricsAPI(store: store).add(to: router)
        addOperations(to: router)
        CollectorPage().add(to: router)
        return router
    }

    private func receiver(_ version: ZipkinFormat.Version, _ metrics: ReceiverMetrics) -> ZipkinReceiver {
        ZipkinReceiver(version: version, intake: intake, metrics: metrics, configuration: configuration)
    }

    private func addOperations(to router: Router<BasicRequestContext>) {
        let endpoint = PrometheusEndpoint(registry: registry)
        for path in ["metrics", "prometheus"] {
            router.get(RouterPath(path)) { request, _ in
                let answer = endpoint.respond(
                    accept: request.headers[.accept],
                    acceptEncoding: request.headers[.acceptEncoding]
                )
                var response = Response(status: .ok, bytes: answer.body, contentType: answer.contentType)
                if let encoding = answer.contentEncoding { response.headers[.contentEncoding] = encoding }
                return response
            }
        }
        router.get("health") { [store] _, _ in
            do {
                try await store.check()
                return Response(status: .ok, text: #"{"status":"UP"}"#, contentType: "application/json")
            } catch {
                let body = HealthText.down(because: "\(error)")
                return Response(status: .serviceUnavailable, text: body, contentType: "application/json")
            }
        }
    }
}

extension Response {
    init(status: HTTPResponse.Status, bytes: [UInt8], contentType: String) {
        self.init(
            status: status,
            headers: [.contentType: contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    init(status: HTTPResponse.Status, text: String, contentType: String = "text/plain; charset=utf-8") {
        self.init(status: status, bytes: Array(text.utf8), contentType: contentType)
    }
}
