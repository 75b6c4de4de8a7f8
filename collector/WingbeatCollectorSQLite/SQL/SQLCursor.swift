// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CSQLite
import WingbeatCollector
import WingbeatModel

/// What the tables of one query have in common.
final class SQLSource {
    let scan: any SpanScan
    let budget: QueryBudget
    /// Why a scan ended early; SQLite has no room for it.
    var failure: (any Error)?

    init(_ scan: any SpanScan, _ budget: QueryBudget) {
        self.scan = scan
        self.budget = budget
    }
}

/// One table of one query.
final class SQLTableSource {
    let table: SQLTable
    let source: SQLSource

    init(_ table: SQLTable, _ source: SQLSource) {
        self.table = table
        self.source = source
    }
}

/// A place among the rows of a table.
final class SQLCursor {
    private let source: SQLTableSource
    private var nextBatch: (() throws -> [SpanRecord]?)?
    private var batch: [SpanRecord] = []
    private var span = 0
    private var rowCount = 0
    private var row = 0
    private(set) var rowID: Int64 = 0
    private(set) var isAtEnd = true

    init(_ source: SQLTableSource) {
        self.source = source
    }

    /// Goes to the first row within bounds.
    func start(_ bounds: SpanBounds) throws {
        (batch, span, rowCount, row, rowID) = ([], 0, 0, 0, 0)
        isAtEnd = bounds.isEmpty
        guard !isAtEnd else { return }
        nextBatch = try source.source.scan.batches(within: bounds, source.source.budget)
        try findRow()
    }

    /// Goes to the next row.
    func advance() throws {
        row += 1
        rowID &+= 1
        try findRow()
    }

    private func findRow() throws {
        while row >= rowCount {
            span += 1
            while span >= batch.count {
                try source.source.budget.check()
                guard let next = try nextBatch?() else { return isAtEnd = true }
                (batch, span) = (next, 0)
            }
            (rowCount, row) = (source.table.rowCount(batch[span]), 0)
        }
    }

    /// The value of a column in the row.
    func value(_ column: Int) -> SQLValue {
        guard !isAtEnd, source.table.columns.indices.contains(column) else { return .null }
        return source.table.columns[column].value(batch[span], row)
    }
}
