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
/// Zipkin's API is under `/api/v2` and `/zipkin/api/v2`, spans of its first version are taken under `/api/v1` and
/// OpenTelemetry's at `/v1/traces`; Jaeger's query API is under `/api` and `/api/v3`. What is our own is in
/// docs/guides/collector-api.md. `/metrics` is Prometheus' text format; `/health` asks the store.
public struct CollectorServer: Sendable {
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
        addReceivers(to: router)
        if configuration.queryEnabled { addQueries(to: router) }
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
        router.add(middleware: SearchMistakes())
        if let allowed = configuration.allowedHosts { router.add(middleware: HostCheck(names: allowed)) }
        router.add(middleware: TraceRefusal())
    }

    private func addReceivers(to router: Router<BasicRequestContext>) {
        let metrics = ReceiverMetrics(registry)
        addOTLP(to: router, metrics)
        guard configuration.collectorHTTPEnabled else { return }
        UploadAPI(intake: intake, metrics: metrics, configuration: configuration, budget: budget).add(to: router)
        for prefix in ["/api", "/zipkin/api"] {
            router.post("\(prefix)/v1/spans", use: receiver(.v1, metrics).receive)
            router.post("\(prefix)/v2/spans", use: receiver(.v2, metrics).receive)
        }
    }

    private func addQueries(to router: Router<BasicRequestContext>) {
        let query = ZipkinQueryAPI(store: store, intake: intake, configuration: configuration)
        for prefix in ["/api", "/zipkin/api"] { query.add(to: router.group("\(prefix)/v2")) }
        JaegerAPI(store: store, intake: intake, configuration: configuration, budget: budget).add(to: router)
        JaegerV3API(store: store, configuration: configuration).add(to: router)
        JaegerMetricsAPI(intake: intake).add(to: router)
        StatisticsAPI(intake: intake).add(to: router)
        StatusAPI(store: store, intake: intake).add(to: router)
        TraceAPI(store: store, configuration: configuration).add(to: router)
        SearchAPI(store: store, configuration: configuration).add(to: router)
        TailAPI(feed: intake.feed).add(to: router)
        SQLAPI(store: store).add(to: router)
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
