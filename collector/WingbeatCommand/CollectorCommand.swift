// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hummingbird
import Logging
import ServiceLifecycle
import WingbeatCollector
import WingbeatCollectorForwarding
import WingbeatCollectorServer
import WingbeatLogs
import WingbeatMetrics
import WingbeatMetricsProcess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `wingbeat collector`.
struct CollectorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collector",
        abstract: "Takes spans, keeps them, and shows them in a browser.",
        discussion: """
            Send spans of any Zipkin client to its address (/api/v2/spans or
            /api/v1/spans), those of OpenTelemetry to ports 4317 (gRPC) and 4318 (HTTP),
            and open the address in a browser. Every port takes both protocols. Ctrl-C
            ends it; spans stay in the data folder, for as long as --retention and
            --max-bytes let them.

            Environment:
              QUERY_PORT     the port, unless --listen names one (as in Zipkin)
              COLLECTOR_GRPC_ENABLED
                             false: no spans of Zipkin's over gRPC (as in Zipkin)
              COLLECTOR_SAMPLE_RATE
                             the share of traces that are kept, unless
                             --sample-rate says it (as in Zipkin)
              STORAGE_TYPE, MEM_MAX_SPANS, STRICT_TRACE_ID, SEARCH_ENABLED,
              AUTOCOMPLETE_KEYS, QUERY_ENABLED, QUERY_TIMEOUT, QUERY_LOOKBACK,
              QUERY_NAMES_MAX_AGE, QUERY_LOG_LEVEL, COLLECTOR_HTTP_ENABLED,
              UI_ENABLED, ZIPKIN_QUERY_ALLOWED_ORIGINS, ZIPKIN_UI_...,
              SELF_TRACING_...
                             as in Zipkin: docs/guides/zipkin.md
              LOG_LEVEL      trace, debug, info, notice, warning, error or critical
                             (default: notice)
              XDG_DATA_HOME  where the data folder is by default

            Exit codes: 0 after Ctrl-C; 64 for a mistake on the command line; 69 when
            the address or the data folder cannot be used.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Where to listen: HOST:PORT, [IPV6]:PORT, PORT or HOST. (default: 127.0.0.1:9411)",
            valueName: "address"
        )
    )
    var listen: ListenAddress?

    @OptionGroup(title: "Ports and names")
    var ports: ListenOptions

    @OptionGroup(title: "Storage")
    var storage: StorageOptions

    @OptionGroup(title: "Forwarding")
    var forwarding: ForwardOptions

    @OptionGroup(title: "Sampling")
    var sampling: SamplingOptions

    @Flag(help: "Only look whether the collector could start with these settings: ports, folder, disk, store.")
    var check = false

    @Option(help: ArgumentHelp("The largest body of a post.", valueName: "bytes"))
    var maxBody = CollectorServer.Configuration().maximumBodyBytes

    func validate() throws {
        guard (1024...1_073_741_824).contains(maxBody) else {
            throw ValidationError("--max-body must be between 1024 and 1073741824 bytes.")
        }
        guard !storage.isNone || forwarding.forward != nil else {
            throw ValidationError("--storage none needs --forward, or spans would go nowhere.")
        }
    }

    func run() async throws {
        let environment = Environment()
        let address = try listen ?? ListenAddress(environment: environment)
        let zipkin = try StorageOptions.zipkin(environment)
        let logger = try Self.logger(environment, level: zipkin.logLevel)
        let intakeOptions = try sampling.intakeOptions(environment)
        let options = try serverOptions(environment, zipkin, listeningOn: address)
        let base = try ports.base(environment)
        let kind = try storage.kind(orFrom: zipkin)
        if check {
            var check = CollectorCheck(folder: storage.folder(environment), isOnDisk: kind.isOnDisk)
            throw await check.run(ports: ports.checked(beside: address)) { () throws(SpanStoreError) in
                try await storage.open(kind, zipkin, tail: sampling.tailPolicy(), environment, logger)
            }
        }
        let registry = MetricRegistry()
        let open: OpenStore
        let forwarder: SpanForwarder?
        do throws(SpanStoreError) {
            open = try await storage.open(kind, zipkin, tail: sampling.tailPolicy(), environment, logger)
            forwarder = try forwarding.open(folder: storage.folder(environment), registry: registry, logger: logger)
        } catch {
            throw failure("cannot keep spans: \(error)")
        }
        guard let store = forwarder.map({ ForwardingSpanStore(store: open.store, forwarder: $0) }) ?? open.store else {
            throw failure("cannot keep spans: there is neither a store nor a place to send them to")
        }
        let intake = SpanIntake(store: store, options: intakeOptions)
        let server = CollectorServer(store: store, intake: intake, registry: registry, configuration: options)
        let listeners = CollectorListeners(server: server, main: address, options: ports, below: base, logger: logger)
        let services: [any Service] = [RuntimeProbe(registry: registry), IntakeService(intake)]
        try await serve(listeners, beside: (forwarder.map { [$0] } ?? []) + services, registry, place: open.place)
        await open.close()
    }

    private func serverOptions(
        _ environment: Environment,
        _ zipkin: ZipkinEnvironment,
        listeningOn address: ListenAddress
    ) throws -> CollectorServer.Configuration {
        var options = CollectorServer.Configuration()
        options.maximumBodyBytes = maxBody
        options.maximumAnswerSpans = storage.maxAnswerSpans
        zipkin.apply(to: &options)
        options.allowedHosts = ports.allowedHosts(listeningOn: address)
        options.maximumConnections = FileLimit.connections(wanted: options.maximumConnections)
        options.selfTracing = try sampling.selfTracing(environment)
        try ports.apply(environment, to: &options)
        return options
    }

    private func serve(
        _ listeners: CollectorListeners,
        beside services: [any Service],
        _ registry: MetricRegistry,
        place: String
    ) async throws {
        registry.add(ProcessMetrics())
        registry.add(RuntimeMetrics())
        do {
            try await listeners.run(beside: services) { bound in
                print((["Wingbeat collector"] + bound + ["  data    \(place)"]).joined(separator: "\n"))
                fflush(nil)
            }
        } catch let error as ListenFailure {
            throw failure(error.description)
        }
    }

    /// - Parameter level: what Zipkin's variable says; `LOG_LEVEL` goes before it.
    private static func logger(_ environment: Environment, level: String?) throws -> Logger {
        var level = level.flatMap(Logger.Level.init(rawValue:)) ?? .notice
        if let text = environment.get("LOG_LEVEL"), !text.isEmpty {
            guard let chosen = Logger.Level(rawValue: text.lowercased()) else {
                throw ValidationError("LOG_LEVEL=\(text) is not one of \(Logger.Level.allCases).")
            }
            level = chosen
        }
        let pipeline = LogPipeline(sink: BufferedSink.standardError, level: level)
        return Logger(label: "wingbeat") { WingbeatLogHandler(label: $0, pipeline: pipeline) }
    }
}

/// Says in one line on standard error what keeps the collector from working; the exit code is that of a service that
/// is not available (sysexits.h).
private func failure(_ sentence: String) -> ExitCode {
    Array("wingbeat: \(sentence)\n".utf8).withUnsafeBytes { bytes in
        try? StandardStreamSink.standardError.write(LogLines(bytes: bytes, count: 1, level: .error))
    }
    return ExitCode(EX_UNAVAILABLE)
}
