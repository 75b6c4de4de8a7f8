// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CSQLite
import WingbeatCollector

/// The tables as SQLite's virtual tables: functions that C can call.
///
/// SQLite knows tables and cursors by pointers to structs whose first part is its own.
/// Source: "The Virtual Table Mechanism Of SQLite", sqlite.org/vtab.html.
enum SQLModule {
    private struct Table {
        var base = sqlite3_vtab()
        let source: SQLTableSource
    }

    private struct Cursor {
        var base = sqlite3_vtab_cursor()
        let cursor: SQLCursor
        let source: SQLSource
    }

    /// Lives as long as the process: connections point to it. A table is there as soon as it is named, for there is no
    /// `xCreate`.
    nonisolated(unsafe) private static let module: UnsafeMutablePointer<sqlite3_module> = {
        let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
        module.initialize(to: sqlite3_module())
        module.pointee.iVersion = 1
        module.pointee.xConnect = connect
        module.pointee.xBestIndex = { _, info in
            guard let info else { return SQLITE_ERROR }
            SQLPlan.choose(info)
            return SQLITE_OK
        }
        module.pointee.xDisconnect = disconnect
        module.pointee.xOpen = open
        module.pointee.xClose = close
        module.pointee.xFilter = filter
        module.pointee.xNext = next
        module.pointee.xEof = { cursor in SQLModule.cursor(cursor)?.cursor.isAtEnd == false ? 0 : 1 }
        module.pointee.xColumn = column
        module.pointee.xRowid = { cursor, row in
            row?.pointee = SQLModule.cursor(cursor)?.cursor.rowID ?? 0
            return SQLITE_OK
        }
        return module
    }()

    /// Makes a table known to a connection, which must be closed before the source goes.
    static func add(_ source: SQLTableSource, to connection: OpaquePointer) -> Bool {
        let context = Unmanaged.passUnretained(source).toOpaque()
        return sqlite3_create_module_v2(connection, source.table.name, module, context, nil) == SQLITE_OK
    }

    private typealias Connect =
        @convention(c) (
            OpaquePointer?, UnsafeMutableRawPointer?, CInt, UnsafePointer<UnsafePointer<CChar>?>?,
            UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?,
            UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        ) -> CInt

    private static let connect: Connect = { connection, context, _, _, table, _ in
        guard let context, let table else { return SQLITE_ERROR }
        let source = Unmanaged<SQLTableSource>.fromOpaque(context).takeUnretainedValue()
        let status = sqlite3_declare_vtab(connection, source.table.declaration)
        guard status == SQLITE_OK else { return status }
        let made = UnsafeMutablePointer<Table>.allocate(capacity: 1)
        made.initialize(to: Table(source: source))
        table.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(to: sqlite3_vtab.self)
        return SQLITE_OK
    }

    private static let disconnect: @convention(c) (UnsafeMutablePointer<sqlite3_vtab>?) -> CInt = { table in
        guard let table else { return SQLITE_OK }
        let made = UnsafeMutableRawPointer(table).assumingMemoryBound(to: Table.self)
        made.deinitialize(count: 1)
        made.deallocate()
        return SQLITE_OK
    }

    private typealias Open =
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vtab>?, UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>?
        ) -> CInt

    private static let open: Open = { table, cursor in
        guard let table, let cursor else { return SQLITE_ERROR }
        let source = UnsafeMutableRawPointer(table).assumingMemoryBound(to: Table.self).pointee.source
        let made = UnsafeMutablePointer<Cursor>.allocate(capacity: 1)
        made.initialize(to: Cursor(cursor: SQLCursor(source), source: source.source))
        cursor.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
        return SQLITE_OK
    }

    private static let close: @convention(c) (UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> CInt = { cursor in
        guard let cursor else { return SQLITE_OK }
        let made = UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: Cursor.self)
        made.deinitialize(count: 1)
        made.deallocate()
        return SQLITE_OK
    }

    private typealias Filter =
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vtab_cursor>?, CInt, UnsafePointer<CChar>?, CInt,
            UnsafeMutablePointer<OpaquePointer?>?
        ) -> CInt

    private static let filter: Filter = { cursor, plan, _, count, values in
        let values = (0..<Int(count)).map { values?[$0] }
        return guarding(cursor) { try $0.start(SQLPlan.bounds(plan, values)) }
    }

    private static let next: @convention(c) (UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> CInt = { cursor in
        guarding(cursor) { try $0.advance() }
    }

    private typealias Value =
        @convention(c) (
            UnsafeMutablePointer<sqlite3_vtab_cursor>?, OpaquePointer?, CInt
        ) -> CInt

    private static let column: Value = { cursor, result, column in
        guard let made = SQLModule.cursor(cursor) else { return SQLITE_ERROR }
        made.cursor.value(Int(column)).give(to: result)
        return SQLITE_OK
    }

    private static func cursor(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> Cursor? {
        cursor.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: Cursor.self).pointee }
    }

    /// Runs the body; what it throws is kept for the one who asked.
    private static func guarding(
        _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?,
        _ body: (SQLCursor) throws -> Void
    ) -> CInt {
        guard let made = SQLModule.cursor(cursor) else { return SQLITE_ERROR }
        do {
            try body(made.cursor)
            return SQLITE_OK
        } catch {
            made.source.failure = error
            return SQLITE_ERROR
        }
    }
}

extension SQLValue {
    /// Gives the value to SQLite, which copies it.
    fileprivate func give(to result: OpaquePointer?) {
        switch self {
        case .null: sqlite3_result_null(result)
        case .integer(let number): sqlite3_result_int64(result, number)
        case .real(let number): sqlite3_result_double(result, number)
        case .text(var text):
            text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    let count = UInt64(characters.count)
                    sqlite3_result_text64(result, characters.baseAddress, count, transient, UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes):
            bytes.withUnsafeBytes { sqlite3_result_blob64(result, $0.baseAddress, UInt64($0.count), transient) }
        }
    }
}
