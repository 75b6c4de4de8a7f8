// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CSQLite
import WingbeatCollector

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
            utf8.withMemoryRebound(to: CChar.self) { characters in
                let count = UInt64(characters.count)
                sqlite3_bind_text64(handle, position, characters.baseAddress, count, transient, UInt8(SQLITE_UTF8))
            }
        }
    }

    /// Sets a parameter to bytes.
    func bind(_ position: Int32, _ bytes: [UInt8]) {
        guard !bytes.isEmpty else {
            sqlite3_bind_zeroblob(handle, position, 0)
            return
        }
        // Too many bytes for SQLite are not bound, and refused by the column, which must not be null.
        _ = bytes.withUnsafeBytes {
            sqlite3_bind_blob64(handle, position, $0.baseAddress, UInt64($0.count), transient)
        }
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

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

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
let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
