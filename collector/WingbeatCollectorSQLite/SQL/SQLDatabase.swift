// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CSQLite
import WingbeatCollector

/// A database for one query: nothing but the tables over spans, which can only be read.
///
/// It takes little memory whatever is asked: texts are at most 16 MiB, and what is sorted or grouped goes to a file that
/// SQLite deletes.
final class SQLDatabase {
    let handle: OpaquePointer
    private let tables: [SQLTableSource]
    private let source: SQLSource

    init(_ source: SQLSource) throws(SpanStoreError) {
        var handle: OpaquePointer?
        let status = sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        guard status == SQLITE_OK, let handle else {
            sqlite3_close_v2(handle)
            throw .unavailable("no memory for a query")
        }
        self.handle = handle
        self.source = source
        tables = SQLTable.all.map { SQLTableSource($0, source) }
        for (limit, value) in Self.limits { sqlite3_limit(handle, limit, value) }
        let setup = "PRAGMA temp_store=FILE; PRAGMA cache_size=-8192; \(SQLTable.tracesView)"
        guard tables.allSatisfy({ SQLModule.add($0, to: handle) }),
            sqlite3_exec(handle, setup, nil, nil, nil) == SQLITE_OK
        else { throw .unavailable(String(cString: sqlite3_errmsg(handle))) }
        sqlite3_set_authorizer(handle, Self.authorize, nil)
        sqlite3_progress_handler(handle, 10_000, Self.isOver, Unmanaged.passUnretained(source.budget).toOpaque())
    }

    deinit {
        sqlite3_close(handle)
    }

    private static let limits: [(CInt, CInt)] = [
        (SQLITE_LIMIT_LENGTH, 16 << 20), (SQLITE_LIMIT_SQL_LENGTH, 100_000), (SQLITE_LIMIT_COLUMN, 200),
        (SQLITE_LIMIT_EXPR_DEPTH, 100), (SQLITE_LIMIT_COMPOUND_SELECT, 20), (SQLITE_LIMIT_VDBE_OP, 100_000),
        (SQLITE_LIMIT_ATTACHED, 0), (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000), (SQLITE_LIMIT_WORKER_THREADS, 0),
    ]

    private typealias Authorize =
        @convention(c) (
            UnsafeMutableRawPointer?, CInt, UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
            UnsafePointer<CChar>?
        ) -> CInt

    /// Lets statements read and call functions, but nothing else.
    private static let authorize: Authorize = { _, action, _, function, _, _ in
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
        case SQLITE_FUNCTION:
            return function.map { String(cString: $0).lowercased() } == "load_extension" ? SQLITE_DENY : SQLITE_OK
        default: return SQLITE_DENY
        }
    }

    private static let isOver: @convention(c) (UnsafeMutableRawPointer?) -> CInt = { budget in
        guard let budget else { return 0 }
        return Unmanaged<QueryBudget>.fromOpaque(budget).takeUnretainedValue().isOver ? 1 : 0
    }
}
