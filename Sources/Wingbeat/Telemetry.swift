// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging
import Metrics
public import ServiceLifecycle
import Synchronization
import Tracing
import WingbeatLogs
public import WingbeatMetrics
import WingbeatMetricsProcess
public import WingbeatMetricsPush
import WingbeatModel
public import WingbeatTraces

/// The telemetry of a process: its logs, metrics and traces, connected to swift-log, swift-metrics and
/// swift-distributed-tracing.
///
/// ```swift
/// let telemetry = try Telemetry.configure("checkout")
/// ```
///
/// It is a service: run it beside the server so that spans leave the process, listed before the server so that it
/// shuts down after it and flushes what the last requests made.
public final class Telemetry: Service {
    /// Who the telemetry is from.
    public let serviceName: String
    /// A logger with the service's name.
    public let logger: Logger
    /// A logger with the service's name that takes pairs as they are.
    public let log: StructuredLogger
    /// Where the lines of all loggers go. Its level may be changed at any time.
    public var logPipeline: LogPipeline { backends.pipeline }
    /// Every metric of the process.
    public let registry: MetricRegistry
    /// The tracer behind `withSpan`.
    public let tracer: WingbeatTracer
    private let logsFollowSignals: Bool
    private let backends: Backends

    private init(_ configuration: TelemetryConfiguration, _ backends: Backends) {
        serviceName = configuration.resource.serviceName
        registry = backends.registry
        tracer = backends.tracer
        self.backends = backends
        let logger = Logger(label: serviceName) { WingbeatLogHandler(label: $0, pipeline: backends.pipeline) }
        self.logger = logger
        log = StructuredLogger(label: serviceName, pipeline: backends.pipeline)
        logsFollowSignals = configuration.logsFollowSignals
        let reporting = SpanReporting(configuration, registry: backends.registry, logger: logger)
        backends.apply(configuration, reporter: reporting.reporter)
        registry.reportMisuse(to: { logger.warning("metrics: \($0)") })
        for error in configuration.ignoredVariables { logger.warning("ignored: \(error)") }
    }

    /// Sets the process up with defaults and the environment's overrides.
    ///
    /// A variable that is not understood is left out with a warning.
    ///
    /// - Throws: ``TelemetryError/alreadyBootstrapped(api:backend:)`` when another backend is installed.
    @discardableResult
    public static func configure(_ serviceName: String) throws(TelemetryError) -> Telemetry {
        try configure(TelemetryConfiguration(serviceName: serviceName))
    }

    /// Sets the process up.
    ///
    /// The first call installs the three backends. A later one reconfigures them: loggers, metrics and tracers made
    /// before go on to work and follow the new settings, metrics keep their values, and whichever telemetry is run
    /// sends the spans of all that were configured before.
    ///
    /// - Throws: ``TelemetryError/alreadyBootstrapped(api:backend:)`` when another backend is installed.
    @discardableResult
    public static func configure(_ configuration: TelemetryConfiguration) throws(TelemetryError) -> Telemetry {
        try Backends.process.install()
        return Telemetry(configuration, .process)
    }

    /// Telemetry apart from the process: nothing global is touched. For tests, with `withLogger`,
    /// `withMetricsFactory` and `withTracer`.
    public static func isolated(_ configuration: TelemetryConfiguration) -> Telemetry {
        Telemetry(configuration, Backends(configuration.resource, registry: MetricRegistry()))
    }

    /// Sends spans, and measures how long tasks wait, until shutdown or cancellation, then flushes within a time limit.
    /// Never throws: a collector that is away is no reason to end a service.
    ///
    /// At the end the log is flushed, too.
    ///
    /// What a later `configure` makes waits until the telemetry that it returned is run. Exporters of metrics that are
    /// attached run already; at the end they send what is left.
    public func run() async throws {
        let reporters = backends.idleReporters.take()
        await withDiscardingTaskGroup { group in
            for reporter in reporters { group.addTask { try? await reporter.run() } }
            group.addTask { [registry] in await RuntimeProbe(registry: registry).run() }
            if logsFollowSignals { group.addTask { [backends] in await LogSignals(pipeline: backends.pipeline).run() } }
        }
        await backends.exporters.detachAll()
        backends.pipeline.flush()
    }

    /// Starts to send metrics with an exporter, beside those that are attached already:
    ///
    /// ```swift
    /// telemetry.attach(.statsD(StatsDConfiguration(address: .udp(host: "127.0.0.1", port: 8125))))
    /// ```
    ///
    /// When delivery fails, and when it goes on, a warning is logged. The exporter runs until it is detached or the
    /// telemetry ends. Attaching it again changes nothing.
    public func attach(_ exporter: PushExporter) {
        exporter.onTrouble { [logger] in logger.warning("metrics: \($0)") }
        backends.exporters.attach(exporter)
    }

    /// Ends an exporter: it reads the registry once more, and sends what waits within its flush timeout.
    public func detach(_ exporter: PushExporter) async {
        await backends.exporters.detach(exporter)
    }
}

/// What is installed behind the three front doors, once for the process.
private final class Backends: Sendable {
    static let process = Backends(Resource(serviceName: ""), registry: .shared)

    let registry: MetricRegistry
    let pipeline = LogPipeline(LogConfiguration(outputs: []))
    let tracer: WingbeatTracer
    let exporters = AttachedExporters()
    private let resource: Mutex<Resource>
    private let isInstalled = Mutex(false)
    let idleReporters = IdleReporters()

    init(_ resource: Resource, registry: MetricRegistry) {
        self.registry = registry
        registry.add(ProcessMetrics())
        registry.add(RuntimeMetrics())
        self.resource = Mutex(resource)
        tracer = WingbeatTracer(WingbeatTracer.Configuration(resource: resource))
        registry.add(LogMetrics(pipeline: pipeline))
        registry.add(SpanMetrics(tracer: tracer))
        registry.add(TargetInfo { [weak self] in self?.resource.withLock { $0 } ?? resource })
    }

    func apply(_ configuration: TelemetryConfiguration, reporter: any SpanReporter) {
        idleReporters.add(reporter)
        resource.withLock { $0 = configuration.resource }
        pipeline.replace(configuration.logs)
        var tracing = WingbeatTracer.Configuration(
            resource: configuration.resource,
            sampler: configuration.sampler,
            propagators: configuration.propagators,
            reporter: reporter
        )
        tracing.limits = configuration.spanLimits
        tracer.reconfigure(tracing)
    }

    /// Each API traps on a second bootstrap, so all are asked first, and only then all are installed.
    func install() throws(TelemetryError) {
        try isInstalled.withLock { (isInstalled) throws(TelemetryError) in
            guard !isInstalled else { return }
            try check("swift-log", Logger(label: "wingbeat").handler) { $0 is StreamLogHandler }
            try check("swift-metrics", MetricsSystem.factory) { $0 is NOOPMetricsHandler }
            try check("swift-distributed-tracing", InstrumentationSystem.instrument) { $0 is NoOpInstrument }
            LoggingSystem.bootstrap(
                { [pipeline] label, provider in
                    WingbeatLogHandler(label: label, pipeline: pipeline, metadataProvider: provider)
                },
                metadataProvider: nil
            )
            MetricsSystem.bootstrap(registry)
            InstrumentationSystem.bootstrap(tracer)
            isInstalled = true
        }
    }

    private func check<Backend>(
        _ api: String,
        _ backend: Backend,
        isDefault: (Backend) -> Bool
    ) throws(TelemetryError) {
        guard !isDefault(backend) else { return }
        throw .alreadyBootstrapped(api: api, backend: "\(type(of: backend as Any))")
    }
}
