// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import WingbeatCollectorClient
import WingbeatSpanCodecs

/// `wingbeat tail`.
struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Shows traces while their spans arrive.",
        discussion: """
            Each line says what one post brought of a trace. Ctrl-C ends it. A query
            such as 'service:cart error' chooses among them: docs/guides/search.md.

            Exit codes: 0 when --count lines were shown; 64; 69, also when the
            collector ends.
            """
    )

    @Argument(help: ArgumentHelp("What the spans must be; behind -- where it begins with a dash.", valueName: "query"))
    var query: String?

    @Option(help: ArgumentHelp("Only spans of this service.", valueName: "service"))
    var service: String?

    @Option(help: ArgumentHelp("Only posts with a span of this name.", valueName: "name"))
    var name: String?

    @Flag(help: "Only posts with a span that failed.")
    var error = false

    @Option(help: ArgumentHelp("End after so many lines.", valueName: "number"))
    var count: Int?

    @Flag(help: "Each line as an object of JSON.")
    var json = false

    @OptionGroup var client: ClientOptions

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count must be 1 or more.") }
    }

    func run() async throws {
        let client = try client.client()
        var parameters: [(String, String)] = []
        if let query { parameters.append(("q", query)) }
        if let service { parameters.append(("serviceName", service)) }
        if let name { parameters.append(("spanName", name)) }
        if error { parameters.append(("annotationQuery", "error")) }
        var left = count ?? .max
        var event = ""
        try await Exit.onFailure {
            try await client.lines("/api/tail", parameters) { line in
                if line.hasPrefix("event: ") { event = String(line.dropFirst(7)) }
                guard line.hasPrefix("data: ") else { return true }
                if show(String(line.dropFirst(6)), event) { left -= 1 }
                return left > 0
            }
        }
        guard left == 0 else { throw Exit.failure("the collector ended the connection") }
    }

    /// False for what is no trace.
    private func show(_ data: String, _ event: String) -> Bool {
        if event == "skipped" { Terminal.complain("(\(TerminalText.escaped(data)) spans came too fast to be shown)") }
        guard event == "trace", let value = try? JSONValue(Array(data.utf8)) else { return false }
        try? Terminal.write(Array((json ? data : line(value)).utf8) + [UInt8(ascii: "\n")])
        return true
    }

    private func line(_ trace: JSONValue) -> String {
        let number = { (name: String) in UInt64(clamping: trace[name]?.integer ?? 0) }
        let service = trace["service"]?.string ?? ""
        let root = (service.isEmpty ? "" : service + ": ") + (trace["name"]?.string ?? "")
        let errors = number("errorCount") > 0 ? "!" : " "
        let duration = TerminalText.fitted(TimeLabel.duration(number("duration") &* 1000), to: 9, isRight: true)
        let spans = TerminalText.fitted("\(number("spanCount"))", to: 5, isRight: true)
        let id = trace["traceId"]?.string ?? ""
        return TerminalText.cut(
            "\(TimeLabel.time(number("timestamp") &* 1000))  \(duration) \(spans) \(errors) "
                + "\(TerminalText.escaped(id))  \(TerminalText.escaped(root))",
            to: Terminal.width
        )
    }
}
