// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Wingbeat

@Suite("The environment")
struct EnvironmentTests {
    private func configuration(_ environment: [String: String]) -> TelemetryConfiguration {
        TelemetryConfiguration(serviceName: "default", environment: environment)
    }

    private func isSampled(_ configuration: TelemetryConfiguration, low: UInt64, parent: Bool? = nil) throws -> Bool {
        let id = try #require(TraceID(high: 1, low: low))
        let span = try #require(SpanID(1))
        let context = parent.map { TraceContext(traceID: id, spanID: span, sampling: $0 ? .sampled : .notSampled) }
        let reporter = InMemorySpanReporter()
        let tracer = WingbeatTracer(
            WingbeatTracer.Configuration(
                resource: configuration.resource,
                sampler: configuration.sampler,
                reporter: reporter
            )
        )
        var service = ServiceContext.topLevel
        service.traceContext = context
        tracer.startSpan("x", context: service).end()
        return !reporter.spans.isEmpty
    }

    @Test("without variables gives the documented defaults")
    func defaults() throws {
        let configuration = configuration([:])
        #expect(configuration.resource == Resource(serviceName: "default"))
        #expect(configuration.logs.level == .info)
        #expect(configuration.spanEndpoint == "http://127.0.0.1:9411/api/v2/spans")
        #expect(configuration.propagators.extract.count == 4)
        #expect(configuration.propagators.inject.count == 2)
        #expect(try isSampled(configuration, low: .max))
        #expect(try !isSampled(configuration, low: .max, parent: false))
    }

    @Test("with empty variables is the same as without")
    func emptyValues() throws {
        let configuration = configuration(["OTEL_SERVICE_NAME": "", "OTEL_PROPAGATORS": "", "LOG_LEVEL": ""])
        #expect(configuration.resource.serviceName == "default")
        #expect(configuration.propagators.extract.count == 4)
    }

    @Test("names the service and its resource; OTEL_SERVICE_NAME wins over service.name")
    func resource() throws {
        let attributes = "service.name=shop, service.version=1.2,team=a%2Cb"
        let named = configuration(["OTEL_RESOURCE_ATTRIBUTES": attributes])
        #expect(named.resource.serviceName == "shop")
        #expect(named.resource.attributes == [Attribute("service.version", "1.2"), Attribute("team", "a,b")])
        let both = configuration(["OTEL_RESOURCE_ATTRIBUTES": attributes, "OTEL_SERVICE_NAME": "checkout"])
        #expect(both.resource.serviceName == "checkout")
    }

    @Test(
        "chooses the sampler",
        arguments: [
            ("always_on", nil, UInt64.max, Bool?.none, true),
            ("always_on", nil, .max, false, true),
            ("always_off", nil, 2, nil, false),
            ("traceidratio", "0.5", 2, false, true),
            ("traceidratio", "0.5", .max, true, false),
            ("parentbased_always_off", nil, 2, nil, false),
            ("parentbased_always_off", nil, 2, true, true),
            ("parentbased_traceidratio", "0", 2, nil, false),
            ("parentbased_traceidratio", "0.5", .max, true, true),
        ]
    )
    func sampler(name: String, argument: String?, low: UInt64, parent: Bool?, expected: Bool) throws {
        var environment = ["OTEL_TRACES_SAMPLER": name]
        environment["OTEL_TRACES_SAMPLER_ARG"] = argument
        #expect(try isSampled(configuration(environment), low: low, parent: parent) == expected)
    }

    @Test(
        "chooses a limited rate",
        arguments: [
            ("ratelimiting", "0", Bool?.none, false), ("ratelimiting", "0", true, false),
            ("ratelimiting", "1", nil, true), ("parentbased_ratelimiting", "0", true, true),
            ("parentbased_ratelimiting", "0", nil, false), ("parentbased_ratelimiting", "7", nil, true),
        ]
    )
    func rateLimiting(name: String, argument: String, parent: Bool?, expected: Bool) throws {
        let configuration = configuration(["OTEL_TRACES_SAMPLER": name, "OTEL_TRACES_SAMPLER_ARG": argument])
        #expect(configuration.ignoredVariables.isEmpty)
        #expect(try isSampled(configuration, low: 2, parent: parent) == expected)
    }

    @Test(
        "a limited rate is what the argument says, and 100 traces a second without one",
        arguments: [("7", 7), (nil, 100)]
    )
    func rate(argument: String?, perSecond: Int) {
        var environment = ["OTEL_TRACES_SAMPLER": "ratelimiting"]
        environment["OTEL_TRACES_SAMPLER_ARG"] = argument
        #expect((configuration(environment).sampler as? RateLimitingSampler)?.perSecond == perSecond)
    }

    @Test("says what a rate is", arguments: ["-1", "1.5", "many", "5000000000"])
    func badRate(argument: String) throws {
        let configuration = configuration([
            "OTEL_TRACES_SAMPLER": "parentbased_ratelimiting", "OTEL_TRACES_SAMPLER_ARG": argument,
        ])
        #expect(
            configuration.ignoredVariables.map(\.description) == [
                "OTEL_TRACES_SAMPLER_ARG=\(argument) is not understood: expected a number of traces, such as 100"
            ]
        )
    }

    @Test("takes a propagator that is named twice once")
    func propagatorsTwice() {
        let chosen = configuration(["OTEL_PROPAGATORS": "b3,tracecontext,b3,none"]).propagators
        #expect(chosen.inject.map { "\(type(of: $0))" } == ["B3SinglePropagator", "W3CTraceContextPropagator"])
    }

    @Test("chooses the propagators")
    func propagators() throws {
        let chosen = configuration(["OTEL_PROPAGATORS": "b3, b3multi"]).propagators
        #expect(chosen.inject.count == 2)
        #expect(chosen.inject.first is B3SinglePropagator)
        #expect(chosen.extract.last is B3MultiPropagator)
        #expect(configuration(["OTEL_PROPAGATORS": "none"]).propagators.inject.isEmpty)
        #expect(configuration(["OTEL_PROPAGATORS": "tracecontext,baggage"]).propagators.inject.count == 2)
    }

    @Test("says where spans go, or that they go nowhere")
    func endpoint() throws {
        let url = "http://collector:9411/api/v2/spans"
        #expect(configuration(["OTEL_EXPORTER_ZIPKIN_ENDPOINT": url]).spanEndpoint == url)
        #expect(configuration(["OTEL_TRACES_EXPORTER": "none"]).spanEndpoint == nil)
    }

    @Test(
        "names the exporters of spans",
        arguments: [
            ("zipkin", [.zipkin]), ("otlp", [.otlp]), ("console", [.console]), ("none", []),
            ("otlp, zipkin,console", [.otlp, .zipkin, .console]),
        ] as [(String, [SpanExporter])]
    )
    func exporters(text: String, expected: [SpanExporter]) {
        #expect(configuration(["OTEL_TRACES_EXPORTER": text]).spanExporters == expected)
    }

    @Test("an endpoint of OpenTelemetry alone chooses its exporter")
    func exporterByEndpoint() {
        let otlp = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"]
        let zipkin = ["OTEL_EXPORTER_ZIPKIN_ENDPOINT": "http://collector:9411/api/v2/spans"]
        #expect(configuration(otlp).spanExporters == [.otlp])
        #expect(configuration(otlp.merging(zipkin) { $1 }).spanExporters == [.zipkin])
        #expect(configuration(otlp.merging(["OTEL_TRACES_EXPORTER": "console"]) { $1 }).spanExporters == [.console])
    }

    @Test("says how to speak OpenTelemetry's protocol; what is said for traces wins")
    func otlp() {
        let all = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318/", "OTEL_EXPORTER_OTLP_HEADERS": "a=1, b=x%2Cy",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "2500", "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
        ]
        let forAll = configuration(all)
        #expect(forAll.ignoredVariables.isEmpty)
        #expect(forAll.otlp.url == "http://collector:4318/v1/traces")
        #expect(forAll.otlp.headers.map { "\($0.name):\($0.value)" } == ["a:1", "b:x,y"])
        #expect(forAll.otlp.timeout == .milliseconds(2500))
        #expect(forAll.otlp.isCompressed)
        #expect(forAll.otlp.encoding == .json)
        let traces = [
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://traces:443/in", "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "c=3",
            "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "100", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION": "none",
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf",
        ]
        let forTraces = configuration(all.merging(traces) { $1 })
        #expect(forTraces.ignoredVariables.isEmpty)
        #expect(forTraces.otlp.url == "https://traces:443/in")
        #expect(forTraces.otlp.headers.map(\.name) == ["c"])
        #expect(forTraces.otlp.timeout == .milliseconds(100))
        #expect(!forTraces.otlp.isCompressed)
        #expect(forTraces.otlp.encoding == .protobuf)
    }

    @Test("says how spans are batched; an exporter's own time limit wins")
    func batches() {
        let configuration = configuration([
            "OTEL_BSP_MAX_QUEUE_SIZE": "4096", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "64",
            "OTEL_BSP_SCHEDULE_DELAY": "200", "OTEL_BSP_EXPORT_TIMEOUT": "3000",
            "OTEL_EXPORTER_ZIPKIN_TIMEOUT": "4000",
        ])
        #expect(configuration.ignoredVariables.isEmpty)
        #expect(configuration.spanDelivery.queueCapacity == 4096)
        #expect(configuration.spanDelivery.batchSize == 64)
        #expect(configuration.spanDelivery.interval == .milliseconds(200))
        #expect(configuration.otlp.timeout == .seconds(3))
        #expect(configuration.zipkin.timeout == .seconds(4))
    }

    @Test("chooses the level of the log, in any case of its letters", arguments: ["debug", "DEBUG", "Debug"])
    func logLevel(_ text: String) {
        #expect(configuration(["LOG_LEVEL": text]).logs.level == .debug)
    }

    @Test("chooses how lines look, and that they still go through a buffer to standard error")
    func logFormat() {
        let encoder = { (name: String) in configuration(["WINGBEAT_LOG_FORMAT": name]).logs.outputs.map(\.encoder) }
        #expect(encoder("console").map { $0 is ConsoleEncoder } == [true])
        #expect(encoder("json").map { $0 is JSONLinesEncoder } == [true])
        #expect(encoder("logfmt").map { $0 is LogfmtEncoder } == [true])
        #expect(encoder("").map { $0 is LogfmtEncoder } == [true])
        let sink = configuration(["WINGBEAT_LOG_FORMAT": "console"]).logs.outputs.first?.sink
        #expect(sink as? BufferedSink === BufferedSink.standardError)
    }

    @Test(
        "changes nothing where it makes no sense, and the variable is named",
        arguments: [
            ("OTEL_TRACES_SAMPLER", "sometimes"), ("OTEL_TRACES_SAMPLER_ARG", "2"), ("OTEL_PROPAGATORS", "jaeger"),
            ("OTEL_EXPORTER_ZIPKIN_ENDPOINT", "collector:9411"), ("OTEL_EXPORTER_ZIPKIN_ENDPOINT", "http://"),
            ("OTEL_RESOURCE_ATTRIBUTES", "novalue"),
            ("OTEL_RESOURCE_ATTRIBUTES", "a=%zz"), ("LOG_LEVEL", "loud"), ("WINGBEAT_LOG_FORMAT", "xml"),
            ("OTEL_TRACES_EXPORTER", "jaeger"), ("OTEL_TRACES_EXPORTER", "zipkin,none"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "0"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "1s"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "novalue"), ("OTEL_BSP_MAX_QUEUE_SIZE", "-1"),
            ("OTEL_BSP_SCHEDULE_DELAY", "99999999999999999999"),
        ]
    )
    func nonsense(name: String, value: String) throws {
        let configuration = configuration([name: value, "OTEL_SERVICE_NAME": "named"])
        let error = try #require(configuration.ignoredVariables.first)
        #expect(configuration.ignoredVariables.count == 1)
        #expect(error.description.hasPrefix("\(name)=\(value) is not understood: expected "))
        #expect(configuration.resource == Resource(serviceName: "named"))
        #expect(configuration.propagators.extract.count == 4)
        #expect(configuration.spanEndpoint == "http://127.0.0.1:9411/api/v2/spans")
    }
}
