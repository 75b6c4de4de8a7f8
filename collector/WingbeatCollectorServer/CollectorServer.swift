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
        /// The most bytes of bodies that are held at once, of all requests together, inflated ones included; what
        /// comes beyond is refused with 429.
        public var maximumBodyBytesInFlight = 256 * 1024 * 1024
        /// The most connections at once, of all ports together; beyond, the one that was idle for longest is closed.
        public var maximumConnections = 8192
        /// How long a connection may be idle.
        public var idleTimeout = Duration.seconds(75)
        /// How long the head of a request may take, from its first byte.
        public var headTimeout = Duration.seconds(10)
        /// How long the body of a request may take; a second more for each 16 KiB that came. Also how long a client
        /// may leave an answer unread.
        public var bodyTimeout = Duration.seconds(60)
        /// False when gRPC is OpenTelemetry's alone (Zipkin's `COLLECTOR_GRPC_ENABLED`).
        public var acceptsZipkinOverGRPC = true
        /// The names under which browsers may reach the collector, beside addresses and `localhost`; nil for any.
        public var allowedHosts: Set<String>?
        /// How far a search looks back when it does not say, in milliseconds.
        public var defaultLookback: Int64 = 86_400_000
        /// How many traces a search may ask for.
        public var maximumTraces = 10_000

        /// The defaults.
        public init() {}
    }

    let store: any SpanStore
    let intake: SpanIntake
    let registry: MetricRegistry
    let configuration: Configuration
    let budget: BodyBudget
    let connections: ConnectionTable

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
        budget = BodyBudget(limit: configuration.maximumBodyBytesInFlight)
        connections = ConnectionTable(limit: configuration.maximumConnections, registry: registry)
    }

    /// All routes.
    public func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.add(middleware: ErrorMiddleware())
        if let allowed = configuration.allowedHosts { router.add(middleware: HostCheck(names: allowed)) }
        let metrics = ReceiverMetrics(registry)
        let query = ZipkinQueryAPI(store: store, intake: intake, configuration: configuration)
        for prefix in ["/api", "/zipkin/api"] {
            router.post("\(prefix)/v1/spans", use: receiver(.v1, metrics).receive)
            router.post("\(prefix)/v2/spans", use: receiver(.v2, metrics).receive)
            query.add(to: router.group("\(prefix)/v2"))
        }
        addOTLP(to: router, metrics)
        JaegerAPI(store: store, intake: intake, configuration: configuration).add(to: router)
        JaegerV3API(store: store, configuration: configuration).add(to: router)
        addOperations(to: router)
        CollectorPage().add(to: router)
        return router
    }

    /// The routes of OpenTelemetry's own port.
    public func otlpRouter() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: ErrorMiddleware())
        addOTLP(to: router, ReceiverMetrics(registry))
        return router
    }

    private func addOTLP(to router: Router<BasicRequestContext>, _ metrics: ReceiverMetrics) {
        let receiver = OTLPReceiver(intake: intake, metrics: metrics, configuration: configuration, budget: budget)
        router.group("v1").add(middleware: ErrorMiddleware(write: OTLPReceiver.write))
            .post("traces", use: receiver.receive)
    }

    private func receiver(_ version: ZipkinFormat.Version, _ metrics: ReceiverMetrics) -> ZipkinReceiver {
        ZipkinReceiver(version: version, intake: intake, metrics: metrics, configuration: configuration, budget: budget)
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
