// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird
import NIOCore
public import WingbeatCollector
public import WingbeatMetrics
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
        /// How many spans an answer may hold; what is left out is said in the header `Wingbeat-Truncated`.
        public var maximumAnswerSpans = 200_000
        /// How long a query may take; zero for as long as it wants.
        public var queryTimeout = Duration.seconds(11)
        /// False when nothing can be asked (Zipkin's `QUERY_ENABLED`).
        public var queryEnabled = true
        /// False when Zipkin's spans are not taken over HTTP (Zipkin's `COLLECTOR_HTTP_ENABLED`).
        public var collectorHTTPEnabled = true
        /// False when the page is not served (Zipkin's `UI_ENABLED`).
        public var uiEnabled = true
        /// False when searches find nothing; the store has to know it, too.
        public var searchEnabled = true
        /// The tags whose values can be asked for; the store has to know them, too.
        public var autocompleteKeys: Set<String> = []
        /// How long browsers may keep lists of names, in seconds.
        public var namesMaxAge = 300
        /// The web sites whose scripts may use the APIs.
        public var allowedOrigins = AllowedOrigins()
        /// What `/zipkin/config.json` says.
        public var page = ZipkinPageSettings()
        /// The collector's version, as `/info` says it.
        public var version = "0.1.0"
        /// What it was built of.
        public var commit = "unknown"
        /// Whether the collector records its own work.
        public var selfTracing = SelfTracingOptions()

        /// The defaults.
        public init() {}
    }

    let store: any SpanStore
    /// The way of spans to the store; ``SpanIntake/run()`` must run beside the server.
    public let intake: SpanIntake
    let registry: MetricRegistry
    let configuration: Configuration
    let budget: BodyBudget
    let connections: ConnectionTable

    /// A server in front of a store.
    ///
    /// - Parameters:
    ///   - store: answers queries.
    ///   - intake: takes spans; nil for one in front of the store that keeps all of them.
    ///   - registry: where the collector keeps its own metrics.
    ///   - configuration: limits.
    public init(
        store: any SpanStore,
        intake: SpanIntake? = nil,
        registry: MetricRegistry = MetricRegistry(),
        configuration: Configuration = Configuration()
    ) {
        self.store = store
        self.intake = intake ?? SpanIntake(store: store)
        self.registry = registry
        self.configuration = configuration
        budget = BodyBudget(limit: configuration.maximumBodyBytesInFlight)
        connections = ConnectionTable(limit: configuration.maximumConnections, registry: registry)
        registry.add(IntakeMetrics(intake: self.intake))
        registry.add(OperationMetricsSource(intake: self.intake))
    }

    /// All routes.
    public func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        addMiddleware(to: router)
        let metrics = ReceiverMetrics(registry)
        let query = ZipkinQueryAPI(store: store, intake: intake, configuration: configuration)
        for prefix in ["/api", "/zipkin/api"] {
            if configuration.collectorHTTPEnabled {
                router.post("\(prefix)/v1/spans", use: receiver(.v1, metrics).receive)
                router.post("\(prefix)/v2/spans", use: receiver(.v2, metrics).receive)
            }
            query.add(to: router.group("\(prefix)/v2"))
        }
        addOTLP(to: router, metrics)
        JaegerAPI(store: store, intake: intake, configuration: configuration, budget: budget).add(to: router)
        JaegerV3API(store: store, configuration: configuration).add(to: router)
        JaegerMetricsAPI(intake: intake).add(to: router)
        StatisticsAPI(intake: intake).add(to: router)
        StatusAPI(store: store, intake: intake).add(to: router)
        TailAPI(feed: intake.feed).add(to: router)
        ZipkinOperations(store: store, registry: registry, configuration: configuration).add(to: router)
        if configuration.uiEnabled { CollectorPage().add(to: router) }
        return router
    }

    /// The routes of OpenTelemetry's own port.
    public func otlpRouter() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: ErrorMiddleware())
        addOTLP(to: router, ReceiverMetrics(registry))
        return router
    }

    /// The outermost first.
    private func addMiddleware(to router: Router<BasicRequestContext>) {
        if configuration.selfTracing.isEnabled {
            router.add(middleware: SelfTracing(intake: intake, options: configuration.selfTracing))
        }
        router.add(middleware: RequestMeter(registry))
        router.add(middleware: AnswerCompression())
        router.add(middleware: CORSAnswers(allowed: configuration.allowedOrigins))
        router.add(middleware: ErrorMiddleware())
        if let allowed = configuration.allowedHosts { router.add(middleware: HostCheck(names: allowed)) }
        router.add(middleware: TraceRefusal())
    }

    private func addOTLP(to router: Router<BasicRequestContext>, _ metrics: ReceiverMetrics) {
        let receiver = OTLPReceiver(intake: intake, metrics: metrics, configuration: configuration, budget: budget)
        router.group("v1").add(middleware: ErrorMiddleware(write: OTLPReceiver.write))
            .post("traces", use: receiver.receive)
    }

    private func receiver(_ version: ZipkinFormat.Version, _ metrics: ReceiverMetrics) -> ZipkinReceiver {
        ZipkinReceiver(version: version, intake: intake, metrics: metrics, configuration: configuration, budget: budget)
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
