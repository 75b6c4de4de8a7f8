// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells
import WingbeatBytes

/// The series of a family side by side: their runs in one array and their text in one buffer, so that a scrape walks
/// over memory in order. A removed series leaves a hole, which the next one fills.
struct SeriesRows {
    struct Row {
        var record: SeriesIndex.Record?
        var textStart = 0
        var textLength = 0
    }

    private(set) var runs: [wingbeat_run] = []
    private(set) var rows: [Row] = []
    private(set) var text: [UInt8] = []
    private var holes: [Int] = []
    private var unusedText = 0

    var count: Int { rows.count - holes.count }

    /// The row that the next series gets.
    var next: Int { holes.last ?? rows.count }

    /// - Parameter appendText: appends what stands before the value in Prometheus' text formats.
    mutating func insert(_ record: SeriesIndex.Record, _ run: wingbeat_run, appendText: (inout [UInt8]) -> Void) {
        let start = text.count
        appendText(&text)
        let row = Row(record: record, textStart: start, textLength: text.count - start)
        if let hole = holes.popLast() {
            runs[hole] = run
            rows[hole] = row
        } else {
            runs.append(run)
            rows.append(row)
        }
    }

    mutating func remove(_ row: Int) {
        unusedText += rows[row].textLength
        runs[row] = wingbeat_no_run
        rows[row] = Row()
        holes.append(row)
        if unusedText > 4096, 2 * unusedText > text.count { compactText() }
    }

    private mutating func compactText() {
        var compact: [UInt8] = []
        compact.reserveCapacity(text.count - unusedText)
        for row in rows.indices where rows[row].record != nil {
            let start = compact.count
            compact.append(contentsOf: text[rows[row].textStart..<rows[row].textStart + rows[row].textLength])
            rows[row].textStart = start
        }
        text = compact
        unusedText = 0
    }
}
