// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
public import WingbeatDelivery
public import WingbeatLogs
public import WingbeatModel
public import WingbeatTraces
public import WingbeatTracesReporting

/// What `Telemetry.configure` sets up. Every setting has a default; environment variables override the defaults, and
/// what the program sets afterwards overrides both.
public struct TelemetryConfiguration: Sendable {
    /// Who the telemetry is from. `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`.
    public var resource: Resource
    /// Which lines are logged, how they look and where they go; by default logfmt through a buffer to standard error.
    /// `LOG_LEVEL` with swift-log's names; `WINGBEAT_LOG_FORMAT` with `logfmt`, `json` or `console`.
    public var logs = LogConfiguration(sink: BufferedSink.standardError)
    /// Whether signals change the logs while ``Telemetry/run()`` runs: SIGUSR1 makes the level lower by one, so that
    /// more is logged, SIGUSR2 makes it higher, and SIGHUP opens log files anew. By default they do what they did.
    public var logsFollowSignals = false
    /// Which traces are recorded. `OTEL_TRACES_SAMPLER` with OpenTelemetry's names, or `ratelimiting`, and
    /// `OTEL_TRACES_SAMPLER_ARG`, the ratio or how many traces a second (100); by default all, unless the caller decided
    /// otherwise.
    public var sampler: any Sampler = ParentBasedSampler(root: AdjustableSampler())
    /// How much one span may hold. `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT` and the other variables of OpenTelemetry's limits.
    public var spanLimits = SpanLimits()
    /// How the trace context travels. `OTEL_PROPAGATORS`: a list of `tracecontext`, `baggage`, `b3`, `b3multi`,
    /// `none`; by default W3C and B3 are understood and W3C is spoken.
    public var propagators: Propagators = .standard
    /// Where spans go. `OTEL_TRACES_EXPORTER` with a list of `zipkin`, `otlp` and `console`, or `none`; by default
    /// `zipkin`, and `otlp` where the environment names only an endpoint of OpenTelemetry.
    public var spanExporters: [SpanExporter] = [.zipkin]
    /// Where and how spans are posted to Zipkin. `OTEL_EXPORTER_ZIPKIN_ENDPOINT` and `_TIMEOUT`.
    public var zipkin = ZipkinReporter.Configuration()
    /// Where and how spans are posted to OpenTelemetry. `OTEL_EXPORTER_OTLP_ENDPOINT`, `_HEADERS`, `_TIMEOUT`,
    /// `_COMPRESSION` and `_PROTOCOL`, and the same behind `OTEL_EXPORTER_OTLP_TRACES_`, which win.
    public var otlp = OTLPReporter.Configuration()
    /// Reporters of one's own, which get each span, too. One that is a `Service` is run by ``Telemetry/run()``.
    public var spanReporters: [any SpanReporter] = []
    /// Sizes and times of the span queue of each exporter. `OTEL_BSP_MAX_QUEUE_SIZE`, `_MAX_EXPORT_BATCH_SIZE`,
    /// `_SCHEDULE_DELAY` and `_EXPORT_TIMEOUT`.
    public var spanDelivery = DeliveryConfiguration()
    /// A folder in which spans wait while a backend is away, so that none is dropped; nil for none.
    public var spanSpool: SpanSpool?
    /// Which traces are kept when it is known how they went; nil keeps all that were sampled.
    public var tailSampling: TailRule?
    /// How much waits for the decision of ``tailSampling``.
    public var tailBuffer = TailSamplingReporter.Configuration()

    /// Environment variables whose values were not understood: they change nothing, and `Telemetry.configure` logs a
    /// warning for each. A fleet sets variables for programs in many languages; one of them is no reason not to start.
    public private(set) var ignoredVariables: [TelemetryError] = []

    /// The defaults with the environment's overrides.
    ///
    /// - Parameters:
    ///   - serviceName: used where `OTEL_SERVICE_NAME` does not say otherwise.
    ///   - environment: the variables to read; the process's own by default.
    public init(
        serviceName: String,
        environment: [String: String] = processEnvironment()
    ) {
        resource = Resource(serviceName: serviceName)
        let variables = EnvironmentVariables(environment)
        attempt { configuration throws(TelemetryError) in try Self.readResource(&configuration, variables) }
        Self.readServiceName(&self, variables)
        attempt { configuration throws(TelemetryError) in try Self.readLogLevel(&configuration, variables) }
        attempt { configuration throws(TelemetryError) in try Self.readLogFormat(&configuration, variables) }
        attempt { configuration throws(TelemetryError) in try Self.readSampler(&configuration, variables) }
        attempt { configuration throws(TelemetryError) in try Self.readPropagators(&configuration, variables) }
        readSpanExport(variables)
    }

    private mutating func attempt(_ read: (inout TelemetryConfiguration) throws(TelemetryError) -> Void) {
        do throws(TelemetryError) {
            try read(&self)
        } catch {
            ignore(error)
        }
    }

    mutating func ignore(_ error: TelemetryError) { ignoredVariables.append(error) }
}

extension TelemetryConfiguration {
    private static func readResource(
        _ configuration: inout TelemetryConfiguration,
        _ variables: EnvironmentVariables
    ) throws(TelemetryError) {
        var resource = configuration.resource
        for pair in variables.list("OTEL_RESOURCE_ATTRIBUTES") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let value = parts[1].percentDecoded() else {
                throw .invalidSetting(name: "OTEL_RESOURCE_ATTRIBUTES", value: pair, expected: "key=value,key=value")
            }
            if parts[0] == "service.name" {
                resource.serviceName = value
            } else {
                resource.attributes.append(Attribute(String(parts[0]), value))
            }
        }
        configuration.resource = resource
    }

    private static func readServiceName(
        _ configuration: inout TelemetryConfiguration,
        _ variables: EnvironmentVariables
    ) {
        if let name = variables["OTEL_SERVICE_NAME"] { configuration.resource.serviceName = name }
    }

    private static func readLogLevel(
        _ configuration: inout TelemetryConfiguration,
        _ variables: EnvironmentVariables
    ) throws(TelemetryError) {
        configuration.logs.level =
            try variables.value("LOG_LEVEL", "one of trace, debug, info, notice, warning, error, critical") {
                Logger.Level(rawValue: $0.lowercased())
            } ?? configuration.logs.level
    }

    private static func readLogFormat(
        _ configuration: inout TelemetryConfiguration,
        _ variables: EnvironmentVariables
    ) throws(TelemetryError) {
        let encoder = try variables.value("WINGBEAT_LOG_FORMAT", "logfmt, json or console") {
            text -> (any LogEncoder)? in
            switch text {
            case "logfmt": LogfmtEncoder()
            case "json": JSONLinesEncoder()
            case "console": ConsoleEncoder()
            default: nil
            }
        }
        guard let encoder else { return }
        for index in configuration.logs.outputs.indices { configuration.logs.outputs[index].encoder = encoder }
    }

    private static func readSampler(
        _ configuration: inout TelemetryConfiguration,
        _ variables: EnvironmentVariables
    ) throws(TelemetryError) {
        let roots = try samplers(variables)
        let expected = "always_on, always_off, traceidratio or ratelimiting, or one of them behind parentbased_"
        configuration.sampler =
            try variables.value("OTEL_TRACES_SAMPLER", expected) { text -> (any Sampler)? in
                let prefix = "parentbased_"
                guard text.hasPrefix(prefix) else { return roots[text] }
                return roots[String(text.dropFirst(prefix.count))].map { ParentBasedSampler(root: $0) }
            } ?? configuration.sampler
    }

    /// The samplers that a variable can name; all but the limited one can be changed while the service runs.
    private static func samplers(
        _ variables: EnvironmentVariables
    ) throws(TelemetryError) -> [String: any Sampler] {
        let argument = "OTEL_TRACES_SAMPLER_ARG"
        if variables["OTEL_TRACES_SAMPLER"]?.hasSuffix("ratelimiting") == true {
            let perSecond = try variables.value(argument, "a number of traces, such as 100") {
                UInt32($0).map(Int.init)
            }
            return ["ratelimiting": RateLimitingSampler(perSecond: perSecond ?? 100)]
        }
        let ratio = try variables.value(argument, "a number from 0 to 1") { text in
            Double(text).flatMap { (0...1).contains($0) ? $0 : nil }
        }
        return [
            "always_on": AdjustableSampler(1), "always_off": AdjustableSampler(0),
            "traceidratio": AdjustableSampler(ratio ?? 1),
        ]
    }

    private static func readPropagators(
        _ configuration: inout TelemetryConfiguration,
        _ variables: EnvironmentVariables
    ) throws(TelemetryError) {
        let names = variables.list("OTEL_PROPAGATORS")
        guard !names.isEmpty else { return }
        var chosen: [any Propagator] = []
        for (index, name) in names.enumerated() where name != "none" && !names[..<index].contains(name) {
            switch name {
            case "tracecontext": chosen.append(W3CTraceContextPropagator())
            case "baggage": chosen.append(W3CBaggagePropagator())
            case "b3": chosen.append(B3SinglePropagator())
            case "b3multi": chosen.append(B3MultiPropagator())
            default:
                let expected = "a list of tracecontext, baggage, b3, b3multi, or none"
                throw .invalidSetting(name: "OTEL_PROPAGATORS", value: name, expected: expected)
            }
        }
        configuration.propagators = Propagators(extract: chosen, inject: chosen)
    }
}
