// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The rows for programs: a list of objects.
func json(of rows: [Row]) -> String {
    "[\n" + rows.map { "  " + json(of: $0) }.joined(separator: ",\n") + "\n]\n"
}

private func json(of row: Row) -> String {
    let neighbours = row.measurement.neighbours.map { json(of: $0, in: row) }
    return object(
        [("name", quoted(row.name))] + members(of: row.measurement.ours)
            + [("beside", "[\n    " + neighbours.joined(separator: ",\n    ") + "\n  ]")]
    )
}

private func json(of neighbour: Neighbour, in row: Row) -> String {
    object(
        [("name", quoted(neighbour.name))] + members(of: neighbour.figures)
            + [
                ("ratio", number(row.ratio(to: neighbour))),
                ("target", number(neighbour.target)),
                ("met", row.isMet(beside: neighbour).map { $0 ? "true" : "false" } ?? "null"),
            ]
    )
}

private func members(of figures: Figures?) -> [(String, String)] {
    [
        ("ns", number(figures?.nanoseconds)),
        ("allocations", number(figures?.allocations)),
        ("remark", figures?.remark.map(quoted) ?? "null"),
    ]
}

private func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
}

private func number(_ value: Double?) -> String {
    value.map { rounded($0, digits: 4) } ?? "null"
}

/// Names and remarks hold no control characters.
private func quoted(_ text: String) -> String {
    let escaped = text.map { "\"\\".contains($0) ? "\\\($0)" : String($0) }
    return "\"" + escaped.joined() + "\""
}
