// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Rows of cells, of which the first two are text and the others numbers, which stand right.
struct TextTable {
    private var rows: [[String]]

    init(header: [String]) {
        rows = [header]
    }

    /// True while there is only the header.
    var isEmpty: Bool { rows.count == 1 }

    mutating func append(_ row: [String]) {
        rows.append(row.map { $0.count <= longestCell ? $0 : $0.prefix(longestCell - 1) + "…" })
    }

    /// A line for each row, with two spaces between the columns.
    var text: String {
        let widths = rows.reduce(into: rows[0].map { _ in 0 }) { widths, row in
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
        }
        return rows.map { line($0, widths) + "\n" }.joined()
    }

    private func line(_ row: [String], _ widths: [Int]) -> String {
        zip(row, widths).enumerated().map { column, cell in
            let padding = String(repeating: " ", count: cell.1 - cell.0.count)
            return column < 2 ? cell.0 + padding : padding + cell.0
        }.joined(separator: "  ")
    }
}

/// A number rounded to so many digits, but never its whole part.
func text(_ value: Double, digits: Int) -> String {
    var bytes: [UInt8] = []
    bytes.append(double: rounded(value, digits: digits))
    return String(decoding: bytes, as: UTF8.self)
}

private func rounded(_ value: Double, digits: Int) -> Double {
    guard value.isFinite, value != 0 else { return value }
    let places = Double(digits - 1) - log10(abs(value)).rounded(.down)
    let scale = pow(10, places)
    return places <= 0 ? value.rounded() : scale.isFinite ? (value * scale).rounded() / scale : value
}

private let longestCell = 100
