// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CSQLite
import WingbeatCollector

/// One connection to a SQLite database, for one thread at a time.
///
/// Sendable unchecked: its owner sees to it that one thread at a time uses it.
final class Connection: @unchecked Sendable {
    /// What a connection is for.
    enum Purpose {
        /// Writing, and making the file where it is not there.
        case writing
        /// Reading; an immutable file is one that nobody writes and that has no write-ahead log.
        case reading(isImmutable: Bool)
    }

    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]

    init(path: String, _ purpose: Purpose = .writing) throws(SpanStoreError) {
        var handle: OpaquePointer?
        let status =
            switch purpose {
            case .writing:
                sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
            case .reading(isImmutable: false):
                sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
            case .reading(isImmutable: true):
                sqlite3_open_v2(
                    Self.immutableURI(path),
                    &handle,
                    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI,
                    nil
                )
            }
        guard status == SQLITE_OK, let handle else {
            let reason = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
            sqlite3_close_v2(handle)
            throw .unavailable("cannot open \(path): \(reason)")
        }
        self.handle = handle
        sqlite3_busy_timeout(handle, 5000)
    }

    deinit {
        for statement in statements.values { statement.finalize() }
        sqlite3_close_v2(handle)
    }

    /// Runs statements that return nothing.
    func execute(_ sql: String) throws(SpanStoreError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw error(sql) }
    }

    /// A statement, compiled once for each text.
    func statement(_ sql: String) throws(SpanStoreError) -> Statement {
        if let statement = statements[sql] {
            statement.reset()
            return statement
        }
        var compiled: OpaquePointer?
        guard sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil) == SQLITE_OK,
            let compiled
        else { throw error(sql) }
        let statement = Statement(compiled, of: self)
        statements[sql] = statement
        return statement
    }

    /// Runs the body in a transaction that is rolled back when it throws.
    func transaction(_ body: () throws(SpanStoreError) -> Void) throws(SpanStoreError) {
        try execute("BEGIN IMMEDIATE")
        do throws(SpanStoreError) {
            try body()
            try execute("COMMIT")
        } catch {
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// Runs the body, whose statements are interrupted when the query may not go on.
    func withBudget<Result>(_ budget: QueryBudget, _ body: () throws -> Result) throws -> Result {
        let context = Unmanaged.passUnretained(budget).toOpaque()
        let isOver: @convention(c) (UnsafeMutableRawPointer?) -> CInt = { context in
            guard let context else { return 0 }
            return Unmanaged<QueryBudget>.fromOpaque(context).takeUnretainedValue().isOver ? 1 : 0
        }
        sqlite3_progress_handler(handle, 10_000, isOver, context)
        defer { sqlite3_progress_handler(handle, 0, nil, nil) }
        defer { for statement in statements.values { statement.reset() } }  // an open one would hold up checkpoints
        do {
            return try body()
        } catch {
            try budget.check()  // an interrupted statement does not know why
            throw error
        }
    }

    private static func immutableURI(_ path: String) -> String {
        var uri = path.hasPrefix("/") ? "file://" : "file:"
        for byte in path.utf8 {
            if byte >= 0x80 || byte < 0x10 || [UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains(byte) {
                uri += byte < 0x10 ? "%0" : "%"
                uri += String(byte, radix: 16, uppercase: true)
            } else {
                uri.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return uri + "?immutable=1"
    }

    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    func error(_ action: String) -> SpanStoreError {
        switch sqlite3_errcode(handle) {
        case SQLITE_INTERRUPT: return .timeout
        case SQLITE_FULL: return .unavailable("\(SpanStoreError.lackOfRoom) (in: \(action))")
        default: break
        }
        return .unavailable("\(String(cString: sqlite3_errmsg(handle))) (in: \(action))")
    }
}
