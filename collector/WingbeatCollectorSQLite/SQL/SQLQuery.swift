// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CSQLite
import WingbeatCollector

/// Runs one statement over spans.
struct SQLQuery {
    let statement: String
    let limits: SQLLimits

    /// The rows that the statement finds.
    ///
    /// - Throws: ``SQLMistake``, what the scan throws, or what ``QueryBudget/check()`` throws.
    func run(over scan: any SpanScan, _ budget: QueryBudget) throws -> SQLAnswer {
        let source = SQLSource(scan, budget)
        let database = try SQLDatabase(source)
        let compiled = try compile(database)
        defer { sqlite3_finalize(compiled) }
        let count = sqlite3_column_count(compiled)
        let names = (0..<count).map { column in
            sqlite3_column_name(compiled, column).map { String(cString: $0) } ?? ""
        }
        var answer = SQLAnswer(columns: names, rows: [])
        var bytes = 0
        while try step(compiled, database, source) {
            guard answer.rows.count < limits.rows, bytes < limits.bytes else {
                answer.isTruncated = true
                break
            }
            let row = (0..<count).map { SQLValue(compiled, $0) }
            bytes += row.reduce(16) { $0 + $1.size }
            answer.rows.append(row)
        }
        return answer
    }

    private func compile(_ database: SQLDatabase) throws -> OpaquePointer {
        var compiled: OpaquePointer?
        var text = statement
        let rest = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters -> Int? in
                var tail: UnsafePointer<CChar>?
                let count = Int32(clamping: characters.count)
                guard sqlite3_prepare_v2(database.handle, characters.baseAddress, count, &compiled, &tail) == SQLITE_OK
                else { return nil }
                return characters.baseAddress.flatMap { start in tail.map { $0 - start } } ?? 0
            }
        }
        guard let rest else { throw mistake(database) }
        guard let compiled else { throw SQLMistake("there is no statement") }
        let isAlone = statement.utf8.dropFirst(rest).allSatisfy { Self.blanks.contains($0) }
        guard isAlone, sqlite3_stmt_readonly(compiled) != 0 else {
            sqlite3_finalize(compiled)
            throw isAlone
                ? SQLMistake("the statement does more than read")
                : SQLMistake("there is more than one statement", at: rest)
        }
        return compiled
    }

    private static let blanks = Set(" \t\r\n;".utf8)

    private func step(_ compiled: OpaquePointer, _ database: SQLDatabase, _ source: SQLSource) throws -> Bool {
        switch sqlite3_step(compiled) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            if let failure = source.failure { throw failure }
            try source.budget.check()  // an interrupted statement does not know why
            throw mistake(database)
        }
    }

    private func mistake(_ database: SQLDatabase) -> SQLMistake {
        let offset = sqlite3_error_offset(database.handle)
        return SQLMistake(String(cString: sqlite3_errmsg(database.handle)), at: offset < 0 ? nil : Int(offset))
    }
}

extension SQLValue {
    /// The value of a column in the row at which a statement is.
    fileprivate init(_ compiled: OpaquePointer, _ column: Int32) {
        let bytes = { (start: UnsafeRawPointer?) in
            UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(compiled, column)))
        }
        switch sqlite3_column_type(compiled, column) {
        case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(compiled, column))
        case SQLITE_FLOAT: self = .real(sqlite3_column_double(compiled, column))
        case SQLITE_TEXT:
            self = .text(
                String(decoding: bytes(UnsafeRawPointer(sqlite3_column_text(compiled, column))), as: UTF8.self)
            )
        case SQLITE_BLOB: self = .blob(Array(bytes(sqlite3_column_blob(compiled, column))))
        default: self = .null
        }
    }

    fileprivate var size: Int {
        switch self {
        case .text(let text): 16 + text.utf8.count
        case .blob(let bytes): 16 + bytes.count
        default: 16
        }
    }
}
