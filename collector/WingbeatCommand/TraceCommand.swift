// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import WingbeatCollectorClient
import WingbeatModel

/// `wingbeat trace ID`.
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Shows a trace.",
        discussion: """
            Each line is a span below the one that caused it: service, name, when it
            worked, and how long. A ! marks an error.

            Exit codes: 0; 1 when the collector has no such trace; 64; 69.
            """
    )

    /// How a trace can be written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case zipkin
        case otlp
        case jaeger
    }

    @Argument(help: ArgumentHelp("1 to 32 hexadecimal digits.", valueName: "id"))
    var id: String

    @Option(help: "text for people; JSON of Zipkin, of OpenTelemetry, or of Jaeger.")
    var format = Format.text

    @Flag(help: "The same as --format zipkin.")
    var json = false

    @OptionGroup var client: ClientOptions

    func run() async throws {
        guard let trace = TraceID(hex: id) else {
            throw ValidationError("'\(id)' is not 1 to 32 hexadecimal digits, not all zeros.")
        }
        let client = try client.client()
        try await Exit.onFailure {
            switch json ? .zipkin : format {
            case .text: try await show(trace, client)
            case .zipkin: try await write("/api/v2/trace/\(trace)", client)
            case .otlp: try await write("/api/v3/traces/\(trace)", client)
            case .jaeger: try await write("/api/traces/\(trace)", client)
            }
        }
    }

    private func show(_ id: TraceID, _ client: CollectorClient) async throws {
        let spans = try await client.trace(id)
        guard !spans.isEmpty else { throw notFound }
        Terminal.write(Waterfall(spans).lines(width: Terminal.width, isColored: Terminal.isColored))
    }

    private func write(_ path: String, _ client: CollectorClient) async throws {
        guard let body = try await client.get(path) else { throw notFound }
        try Terminal.write(body + [UInt8(ascii: "\n")])
    }

    private var notFound: ExitCode {
        Terminal.complain("wingbeat: the collector has no trace \(id)")
        return Exit.nothing
    }
}
