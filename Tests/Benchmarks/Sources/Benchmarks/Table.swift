// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The rows for people: names at the left, numbers at the right of their columns, remarks below.
///
/// An operation stands in the first line of its neighbours only.
struct Table {
    private static let header = [
        "operation", "ns", "allocs", "beside", "its ns", "its allocs", "ratio", "target", "promise",
    ]
    private static let names: Set<Int> = [0, 3, 8]
    private let lines: [[String]]
    private let remarks: [String]

    init(_ rows: [Row]) {
        lines = [Self.header] + rows.flatMap(Self.lines)
        remarks = rows.flatMap(Self.remarks)
    }

    var text: String {
        let widths = Self.header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let table = lines.map { line in
            line.enumerated().map { Self.padded($1, to: widths[$0], left: !Self.names.contains($0)) }
                .joined(separator: "  ")
        }
        return (table + (remarks.isEmpty ? [] : [""] + remarks)).joined(separator: "\n")
    }

    private static func lines(of row: Row) -> [[String]] {
        let ours = row.measurement.ours
        let operation = [row.name, figure(ours.nanoseconds), ours.allocations.map(count) ?? "–"]
        let neighbours = row.measurement.neighbours.map { cells(of: $0, in: row) }
        return neighbours.enumerated().map { ($0 == 0 ? operation : ["", "", ""]) + $1 }
    }

    private static func cells(of neighbour: Neighbour, in row: Row) -> [String] {
        [
            neighbour.name,
            neighbour.figures.map { figure($0.nanoseconds) } ?? "–",
            neighbour.figures?.allocations.map(count) ?? "–",
            row.ratio(to: neighbour).map(ratio) ?? "–",
            neighbour.target.map(ratio) ?? "–",
            row.isMet(beside: neighbour).map { $0 ? "met" : "missed" } ?? "–",
        ]
    }

    private static func remarks(of row: Row) -> [String] {
        let neighbours = row.measurement.neighbours.compactMap { neighbour in
            neighbour.figures?.remark.map { "\(neighbour.name): \($0)" }
        }
        return [row.measurement.ours.remark].compactMap { $0.map { "\(row.name): \($0)" } } + neighbours
    }

    /// One decimal below a hundred, none above.
    private static func figure(_ value: Double) -> String {
        rounded(value, digits: value < 100 ? 1 : 0)
    }

    /// Whole numbers without decimals; what happens now and then shows as a fraction.
    private static func count(_ value: Double) -> String {
        rounded(value, digits: abs(value - value.rounded()) < 0.05 ? 0 : 1)
    }

    /// Two decimals, or as many as a small ratio needs to show one digit.
    private static func ratio(_ value: Double) -> String {
        rounded(value, digits: value < 0.1 ? 4 : 2)
    }

    private static func padded(_ text: String, to width: Int, left: Bool) -> String {
        let space = String(repeating: " ", count: width - text.count)
        return left ? space + text : text + space
    }
}

/// A number with as many decimals as are asked for.
func rounded(_ value: Double, digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int((value * Double(scale)).rounded())
    guard digits > 0 else { return String(scaled) }
    let magnitude = scaled.magnitude
    let fraction = String(magnitude % UInt(scale))
    let padding = String(repeating: "0", count: digits - fraction.count)
    return (scaled < 0 ? "-" : "") + "\(magnitude / UInt(scale))." + padding + fraction
}
