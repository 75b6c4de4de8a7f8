// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hummingbird
import Logging
import WingbeatCollector
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
            Send spans of any Zipkin client to /api/v2/spans or /api/v1/spans on its
            address, those of OpenTelemetry to ports 4317 (gRPC) and 4318 (HTTP), and
            open the address in a browser. Every port takes both protocols. Ctrl-C ends it; spans stay in the data folder.
            Nothing is deleted yet: when the folder has grown too large, stop the
            collector and remove it.

            Environment:
              QUERY_PORT     the port, unless --listen names one (as in Zipkin)
              COLLECTOR_GRPC_ENABLED
                             false: no spans of Zipkin's over gRPC (as in Zipkin)
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

    @Option(
        help: ArgumentHelp(
            "The folder in which spans are kept. (default: ~/.local/share/wingbeat)",
            valueName: "folder"
        )
    )
    var data: String?

    @OptionGroup var storage: StorageOptions

    @Option(help: ArgumentHelp("The largest body of a post.", valueName: "bytes"))
    var maxBody = CollectorServer.Configuration().maximumBodyBytes

    func validate() throws {
        guard (1024...1_073_741_824).contains(maxBody) else {
            throw ValidationError("--max-body must be between 1024 and 1073741824 bytes.")
        }
    }

    func run() async throws {
        let environment = Environment()
        let address = try listen ?? ListenAddress(environment: environment)
        let logger = try makeLogger(environment)
        let open: OpenStore
        do {
            open = try await storage.open(
                folder: data ?? Self.defaultFolder(environment),
                options: SpanStoreOptions()
            )
        } catch {
            throw failure("cannot keep spans: \(error)")
        }
        try await serve(open.store, at: address, place: open.place, logger: logger)
        await open.close()
    }

    private func serve(
        _ store: any SpanStore,
        at address: ListenAddress,
        place: String,
        logger: Logger
    ) async throws {
        var options = CollectorServer.Configuration()
        options.maximumBodyBytes = maxBody
        options.allowedHosts = ports.allowedHosts(listeningOn: address)
        options.maximumConnections = FileLimit.connections(wanted: options.maximumConnections)
        try ports.apply(Environment(), to: &options)
        let registry = MetricRegistry()
        registry.add(ProcessMetrics())
        registry.add(RuntimeMetrics())
        let server = CollectorServer(store: store, registry: registry, configuration: options)
        let listeners = CollectorListeners(server: server, main: address, options: ports, logger: logger)
        do {
            try await listeners.run(beside: [RuntimeProbe(registry: registry)]) { bound in Self.greet(bound, place) }
        } catch let error as ListenFailure {
            throw failure(error.description)
        }
    }

    private static func greet(_ bound: [String], _ place: String) {
        print((["Wingbeat collector"] + bound + ["  data    \(place)"]).joined(separator: "\n"))
        fflush(nil)
    }

    private static func defaultFolder(_ environment: Environment) -> String {
        if let data = environment.get("XDG_DATA_HOME"), !data.isEmpty { return data + "/wingbeat" }
        return (environment.get("HOME") ?? ".") + "/.local/share/wingbeat"
    }

    private func makeLogger(_ environment: Environment) throws -> Logger {
        var level = Logger.Level.notice
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
