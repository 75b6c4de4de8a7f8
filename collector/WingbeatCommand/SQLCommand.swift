// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import WingbeatBytes
import WingbeatCollectorClient
import WingbeatSpanCodecs

/// `wingbeat sql`.
struct SQLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Asks the stored spans in SQL.",
        discussion: """
            The tables are spans, traces, events, links and attributes; nothing can be
            changed. Example:
              wingbeat sql "SELECT service, count(*) FROM spans GROUP BY service"

            Exit codes: 0; 1 when there are no rows; 64 when the question cannot be
            understood; 69.
            """
    )

    @Argument(help: ArgumentHelp("A SELECT.", valueName: "question"))
    var question: String

    @Flag(help: "The collector's answer in JSON, as it comes.")
    var json = false

    @Flag(help: "Comma-separated values with a line of names (RFC 4180).")
    var csv = false

    @OptionGroup var client: ClientOptions

    func validate() throws {
        if json, csv { throw ValidationError("--json and --csv exclude each other.") }
    }

    func run() async throws {
        let client = try client.client()
        let body = try await Exit.onFailure { try await client.get("/api/sql", [("q", question)]) }
        guard let body else { throw Exit.failure("this collector does not answer SQL") }
        guard let answer = try? JSONValue(body) else { throw Exit.failure("the answer is no JSON") }
        let columns = (answer["columns"]?.elements ?? []).map(\.cell)
        let rows = (answer["rows"]?.elements ?? []).map { $0.elements.map(\.cell) }
        if json {
            try Terminal.write(body + [UInt8(ascii: "\n")])
        } else if csv {
            Terminal.write(([columns] + rows).map { $0.map(Self.quoted).joined(separator: ",") })
        } else {
            var table = TextTable(columns)
            for row in rows { table.append(row) }
            Terminal.write(table.lines())
        }
        if answer["truncated"] == .bool(true) { Terminal.complain("wingbeat: there are more rows than were given") }
        guard !rows.isEmpty else { throw Exit.nothing }
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

extension JSONValue {
    /// The value in a table.
    fileprivate var cell: String {
        switch self {
        case .null: ""
        case .bool(let flag): flag ? "true" : "false"
        case .number(let text), .string(let text): text
        case .array, .object: "…"
        }
    }
}
