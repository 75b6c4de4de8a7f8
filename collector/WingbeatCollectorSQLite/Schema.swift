// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

/// The tables of a store, and how they come to be.
///
/// A *fragment* is what one transaction brought of one trace: its spans packed into one blob, because one row with
/// eight spans costs SQLite little more than one row with one. A trace is the union of its fragments.
enum Schema {
    /// Written to `user_version`; a database with another one is not opened.
    static let version: Int64 = 1

    static func prepare(_ connection: Connection) throws(SpanStoreError) {
        try connection.execute(
            "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
                + "PRAGMA cache_size=-65536; PRAGMA journal_size_limit=67108864"
        )
        let statement = try connection.statement("PRAGMA user_version")
        let found = try statement.step() ? statement.integer(0) : 0
        statement.reset()
        switch found {
        case version: return
        case 0:
            try connection.transaction { () throws(SpanStoreError) in
                try connection.execute(tables + "PRAGMA user_version=\(version);")
            }
        default:
            throw .unavailable("the data has format \(found), but this collector reads format \(version)")
        }
    }

    private static let tables = """
        CREATE TABLE service (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE span_name (
            service INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (service, name)) WITHOUT ROWID;
        CREATE TABLE remote_service (
            service INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (service, name)) WITHOUT ROWID;
        CREATE TABLE fragment (
            id INTEGER PRIMARY KEY,
            trace_low INTEGER NOT NULL, trace_high INTEGER NOT NULL,
            start INTEGER, -- the earliest timestamp in microseconds; null when no span has one
            spans BLOB NOT NULL);
        CREATE INDEX fragment_by_trace ON fragment (trace_low);
        CREATE INDEX fragment_by_start ON fragment (start) WHERE start IS NOT NULL;
        CREATE TABLE fragment_by_service (
            service INTEGER NOT NULL, start INTEGER NOT NULL, fragment INTEGER NOT NULL,
            PRIMARY KEY (service, start, fragment)) WITHOUT ROWID;

        """
}
