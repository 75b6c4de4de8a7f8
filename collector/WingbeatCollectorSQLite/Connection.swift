// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CSQLite
import WingbeatCollector

/// One connection to a SQLite database, for one thread at a time.
///
/// Sendable unchecked: the owner sees to it that only one thread uses it (each connection has its own serial queue).
final class Connection: @unchecked Sendable {
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]
    private var deadline: ContinuousClock.Instant?

    init(path: String) throws(SpanStoreError) {
        var handle: OpaquePointer?
        let access = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let status = sqlite3_open_v2(path, &handle, access, nil)
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

    /// Runs the body, whose statements are interrupted when the time is over.
    func withDeadline<Result>(
        _ deadline: ContinuousClock.Instant,
        _ body: () throws -> Result
    ) throws -> Result {
        self.deadline = deadline
        defer { self.deadline = nil }
        let context = Unmanaged.passUnretained(self).toOpaque()
        let isOver: @convention(c) (UnsafeMutableRawPointer?) -> CInt = { context in
            guard let context else { return 0 }
            return Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().isOverdue ? 1 : 0
        }
        sqlite3_progress_handler(handle, 10_000, isOver, context)
        defer { sqlite3_progress_handler(handle, 0, nil, nil) }
        defer { for statement in statements.values { statement.reset() } }  // an open one would hold up checkpoints
        return try body()
    }

    /// Throws when the time given to ``withDeadline(_:_:)`` is over: for loops between statements.
    func checkDeadline() throws(SpanStoreError) {
        if isOverdue { throw .timeout }
    }

    var isOverdue: Bool { deadline.map { ContinuousClock.now > $0 } ?? false }

    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    func error(_ action: String) -> SpanStoreError {
        if sqlite3_errcode(handle) == SQLITE_INTERRUPT { return .timeout }
        return .unavailable("\(String(cString: sqlite3_errmsg(handle))) (in: \(action))")
    }
}

/// A compiled statement with its parameters.
final class Statement {
    private let handle: OpaquePointer
    private unowned let connection: Connection

    init(_ handle: OpaquePointer, of connection: Connection) {
        self.handle = handle
        self.connection = connection
    }

    func finalize() {
        sqlite3_finalize(handle)
    }

    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    /// Sets a parameter; the first one is 1.
    func bind(_ position: Int32, _ value: Int64?) {
        if let value {
            sqlite3_bind_int64(handle, position, value)
        } else {
            sqlite3_bind_null(handle, position)
        }
    }

    /// Sets a parameter to a text, which may hold NUL.
    func bind(_ position: Int32, _ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            _ = utf8.withMemoryRebound(to: CChar.self) { characters in
                sqlite3_bind_text(handle, position, characters.baseAddress, Int32(characters.count), transient)
            }
        }
    }

    /// Sets a parameter to bytes.
    func bind(_ position: Int32, _ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { sqlite3_bind_blob(handle, position, $0.baseAddress, Int32($0.count), transient) }
    }

    /// Steps to the next row; false when there is none.
    func step() throws(SpanStoreError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let error = connection.error(String(cString: sqlite3_sql(handle)))
            reset()
            throw error
        }
    }

    /// Runs a statement that returns no rows.
    func run() throws(SpanStoreError) {
        _ = try step()
        reset()
    }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int32) -> [UInt8] {
        let count = Int(sqlite3_column_bytes(handle, column))
        guard count > 0, let start = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// SQLite's way to say "copy what I bind": the constant is a cast that Swift cannot import.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
