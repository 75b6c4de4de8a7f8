// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// One line of the table.
struct Row {
    let name: String
    let reference: String
    let measurement: Measurement
    /// The ratio that the project promises; nil where it promises none yet.
    var target: Double?

    /// How many times the limit ours takes.
    var ratio: Double { measurement.nanoseconds / measurement.referenceNanoseconds }
    /// Whether the promise is kept.
    var isMet: Bool? { target.map { ratio <= $0 } }
}

/// The rows for people: names at the left, numbers at the right of their columns.
struct Table {
    private static let header = ["operation", "ns", "allocs", "beside", "its ns", "ratio"]
    private static let numeric: Set<Int> = [1, 2, 4, 5]
    private let lines: [[String]]

    init(_ rows: [Row]) {
        lines = [Self.header] + rows.map(Self.cells)
    }

    var text: String {
        let widths = Self.header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            line.enumerated().map { Self.padded($1, to: widths[$0], left: Self.numeric.contains($0)) }
                .joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func cells(_ row: Row) -> [String] {
        let measurement = row.measurement
        return [
            row.name, figure(measurement.nanoseconds), measurement.allocations.map(count) ?? "–", row.reference,
            figure(measurement.referenceNanoseconds), rounded(row.ratio, digits: 2),
        ]
    }

    /// One decimal below a hundred, none above.
    private static func figure(_ value: Double) -> String {
        rounded(value, digits: value < 100 ? 1 : 0)
    }

    /// Whole numbers without decimals; what happens now and then shows as a fraction.
    private static func count(_ value: Double) -> String {
        rounded(value, digits: abs(value - value.rounded()) < 0.05 ? 0 : 1)
    }

    private static func padded(_ text: String, to width: Int, left: Bool) -> String {
        let space = String(repeating: " ", count: width - text.count)
        return left ? space + text : text + space
    }
}

/// The rows for programs: a list of objects.
func json(of rows: [Row]) -> String {
    "[\n" + rows.map { "  " + json(of: $0) }.joined(separator: ",\n") + "\n]\n"
}

private func json(of row: Row) -> String {
    let members: [(String, String)] = [
        ("name", quoted(row.name)),
        ("ns", rounded(row.measurement.nanoseconds, digits: 3)),
        ("reference", quoted(row.reference)),
        ("reference_ns", rounded(row.measurement.referenceNanoseconds, digits: 3)),
        ("ratio", rounded(row.ratio, digits: 3)),
        ("target", row.target.map { rounded($0, digits: 3) } ?? "null"),
        ("met", row.isMet.map { $0 ? "true" : "false" } ?? "null"),
    ]
    return "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
}

/// The names of rows hold no control characters.
private func quoted(_ text: String) -> String {
    let escaped = text.map { "\"\\".contains($0) ? "\\\($0)" : String($0) }
    return "\"" + escaped.joined() + "\""
}

private func rounded(_ value: Double, digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int((value * Double(scale)).rounded())
    guard digits > 0 else { return String(scaled) }
    let fraction = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
}
