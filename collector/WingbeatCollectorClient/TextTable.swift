// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Rows of texts under headings, in columns as wide as what stands in them.
package struct TextTable {
    private let headings: [String]
    private let rightAligned: Set<Int>
    private var rows: [[String]] = []

    /// - Parameter rightAligned: the columns of numbers.
    package init(_ headings: [String], rightAligned: Set<Int> = []) {
        self.headings = headings.map(TerminalText.escaped)
        self.rightAligned = rightAligned
    }

    /// Adds a row with a cell for each heading.
    package mutating func append(_ row: [String]) {
        rows.append(row.map(TerminalText.escaped))
    }

    /// The lines; the last column is cut where it is too long for the width.
    ///
    /// - Parameter width: nil where there is no limit.
    package func lines(width: Int? = nil) -> [String] {
        let all = [headings] + rows
        let widths = headings.indices.map { column in
            all.map { column < $0.count ? TerminalText.width($0[column]) : 0 }.max() ?? 0
        }
        return all.map { row in
            let cells = headings.indices.map { column in
                let cell = column < row.count ? row[column] : ""
                return TerminalText.fitted(cell, to: widths[column], isRight: rightAligned.contains(column))
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return width.map { TerminalText.cut(line, to: $0) } ?? line
        }
    }
}
