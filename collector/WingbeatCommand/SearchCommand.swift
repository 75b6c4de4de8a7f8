// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import WingbeatCollectorClient
import WingbeatModel
import WingbeatSpanCodecs

/// `wingbeat search`.
struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Lists traces, newest first.",
        discussion: """
            A trace is listed when one of its spans meets all criteria. Durations are
            of that span, the list shows those of whole traces. A query says more than
            the options can: 'service:cart duration>200ms error -health'
            (docs/guides/search.md); options are added to it.

            Exit codes: 0; 1 when nothing was found; 64; 69.
            """
    )

    @Argument(help: ArgumentHelp("What is looked for; behind -- where it begins with a dash.", valueName: "query"))
    var query: String?

    @OptionGroup var search: SearchOptions

    @Option(help: ArgumentHelp("The span's name.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("A tag of the span; * stands for any text. May be repeated.", valueName: "key=value"))
    var tag: [TagArgument] = []

    @Option(help: ArgumentHelp("The span's shortest duration, such as 200ms.", valueName: "duration"))
    var minDuration: SpanDurationArgument?

    @Option(help: ArgumentHelp("The span's longest duration, such as 2s.", valueName: "duration"))
    var maxDuration: SpanDurationArgument?

    @Flag(help: "Only spans that failed.")
    var error = false

    @Option(
        help: ArgumentHelp(
            "Which traces come first: newest, longest, spans (the most) or errors (the most).",
            valueName: "order"
        )
    )
    var sort: SearchOrder?

    @Option(help: ArgumentHelp("How many traces at most.", valueName: "number"))
    var limit = 20

    @Flag(help: "Each trace as an object of JSON on a line of its own.")
    var json = false

    @OptionGroup var client: ClientOptions

    func validate() throws {
        let most = isInLanguage ? 1000 : 10_000
        guard (1...most).contains(limit) else { throw ValidationError("--limit must be between 1 and \(most).") }
        if let minDuration, let maxDuration, maxDuration.nanoseconds < minDuration.nanoseconds {
            throw ValidationError("--max-duration is shorter than --min-duration.")
        }
    }

    func run() async throws {
        let client = try client.client()
        let criteria = try criteria()
        let found = try await Exit.onFailure {
            isInLanguage
                ? try await languageSearch(criteria, client)
                : try await client.summaries(criteria).map { ListedTrace($0) }
        }
        guard !found.isEmpty else { throw Exit.nothing }
        if json {
            for trace in found { try Terminal.write(trace.json) }
        } else {
            Terminal.write(ListedTrace.table(found).lines(width: Terminal.width))
        }
    }
}

extension SearchCommand {
    private var isInLanguage: Bool { query != nil || sort != nil }

    private func criteria() throws -> TraceSearch {
        var criteria = try search.search(limit: limit)
        criteria.name = name
        criteria.minimumDuration = minDuration?.nanoseconds
        criteria.maximumDuration = maxDuration?.nanoseconds
        for tag in tag { criteria.tags[tag.key] = tag.value }
        if error { criteria.tags["error"] = "true" }
        return criteria
    }

    /// Asks in the language of searches, and complains when not all was looked at.
    private func languageSearch(_ criteria: TraceSearch, _ client: CollectorClient) async throws -> [ListedTrace] {
        var parameters = criteria.languageParameters(beside: query ?? "")
        if let sort { parameters.append(("sort", sort.rawValue)) }
        var found: [ListedTrace] = []
        var isOver = false
        try await client.lines("/api/search", parameters) { line in
            guard let step = try? JSONValue(Array(line.utf8)) else { return true }
            if let trace = step["trace"] { found.append(ListedTrace(found: trace)) }
            guard let end = step["end"] else { return true }
            isOver = true
            if let reason = end["reason"]?.string, found.count < limit || sort != nil && sort != .newest {
                Terminal.complain("(\(TerminalText.escaped(reason)); there may be more: narrow the search down)")
            }
            return false
        }
        guard isOver else { throw CollectorFailure.malformed("the collector's answer ends in the middle") }
        return found
    }
}

/// In which order traces are listed.
enum SearchOrder: String, ExpressibleByArgument, CaseIterable {
    case newest, longest, spans, errors
}

/// A trace in a list.
struct ListedTrace {
    private let id: String
    private let start: UInt64
    private let duration: UInt64
    private let service: String
    private let name: String
    private let spans: Int64
    private let errors: Int64
    private let services: [String]

    /// - Parameter summary: of `/api/v3/trace-summaries`.
    init(_ summary: JSONValue) {
        let start = UInt64(summary["minStartTimeUnixNano"]?.string ?? "") ?? 0
        let end = UInt64(summary["maxEndTimeUnixNano"]?.string ?? "") ?? 0
        id = summary["traceId"]?.string.flatMap { TraceID(hex: $0) }?.hex ?? ""
        self.start = start
        duration = end - min(start, end)
        service = summary["rootServiceName"]?.string ?? ""
        name = summary["rootOperationName"]?.string ?? ""
        spans = summary["spanCount"]?.integer ?? 0
        errors = summary["errorSpanCount"]?.integer ?? 0
        services = (summary["services"]?.elements ?? []).compactMap { $0["name"]?.string }
    }

    /// - Parameter trace: of `/api/search`.
    init(found trace: JSONValue) {
        let number = { (name: String) in UInt64(clamping: trace[name]?.integer ?? 0) }
        id = trace["traceId"]?.string.flatMap { TraceID(hex: $0) }?.hex ?? ""
        start = min(number("timestamp"), UInt64(Int64.max) / 1000) * 1000
        duration = min(number("duration"), UInt64(Int64.max) / 1000) * 1000
        service = trace["service"]?.string ?? ""
        name = trace["name"]?.string ?? ""
        spans = trace["spanCount"]?.integer ?? 0
        errors = trace["errorCount"]?.integer ?? 0
        services = (trace["services"]?.elements ?? []).compactMap { $0["name"]?.string }
    }

    static func table(_ traces: [ListedTrace]) -> TextTable {
        var table = TextTable(
            ["STARTED", "DURATION", "SPANS", "ERRORS", "TRACE", "ROOT"],
            rightAligned: [1, 2, 3]
        )
        for trace in traces {
            let errors = trace.errors > 0 ? "\(trace.errors)" : ""
            let root = trace.service.isEmpty ? trace.name : "\(trace.service): \(trace.name)"
            let duration = TimeLabel.duration(trace.duration)
            table.append([TimeLabel.time(trace.start), duration, "\(trace.spans)", errors, trace.id, root])
        }
        return table
    }

    /// A line; times in microseconds, as Zipkin has them.
    var json: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(json: [
            Attribute("traceId", id), Attribute("service", service), Attribute("name", name),
            Attribute("timestamp", .int(Int64(start / 1000))), Attribute("duration", .int(Int64(duration / 1000))),
            Attribute("spanCount", .int(spans)), Attribute("errorCount", .int(errors)),
            Attribute("services", .array(services.map { .string($0) })),
        ])
        return bytes + [UInt8(ascii: "\n")]
    }
}
