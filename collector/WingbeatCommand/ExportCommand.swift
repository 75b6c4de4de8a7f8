// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import WingbeatCollectorClient

/// `wingbeat export`.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes stored spans to standard output.",
        discussion: """
            The traces are read page by page, newest first, so that a large export
            needs little memory. `wingbeat import` reads both formats. Example:
              wingbeat export --since 7d | gzip > spans.json.gz

            Exit codes: 0; 1 when there was nothing to write; 64; 69.
            """
    )

    @OptionGroup var search: SearchOptions

    @Option(help: "otlp keeps everything; zipkin is a list of spans in Zipkin's JSON.")
    var format = TraceExport.Format.otlp

    @OptionGroup var client: ClientOptions

    func run() async throws {
        var export = TraceExport(try client.client(), format: format)
        let search = try search.search(limit: 1)
        let count = try await Exit.onFailure { try await export.run(search) { try Terminal.write($0) } }
        Terminal.complain("\(count) span\(count == 1 ? "" : "s")")
        guard count > 0 else { throw Exit.nothing }
    }
}

extension TraceExport.Format: ExpressibleByArgument {}
