// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

/// The tables of an hour's file.
///
/// The directory of the blocks is a table of its own, so that reading it touches neither filters nor spans.
enum HourSchema {
    /// Written to `user_version`; a file with another one is not opened.
    static let version: Int64 = 2

    static func prepare(_ connection: Connection) throws(SpanStoreError) {
        try connection.execute(
            "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
                + "PRAGMA cache_size=-16384; PRAGMA journal_size_limit=4194304"
        )
        if try version(of: connection) == 0 {
            try connection.transaction { () throws(SpanStoreError) in
                try connection.execute(tables + "PRAGMA user_version=\(version);")
            }
        }
    }

    static func version(of connection: Connection) throws(SpanStoreError) -> Int64 {
        let statement = try connection.statement("PRAGMA user_version")
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// Throws when a later version of the collector wrote the file.
    static func checkVersion(
        of connection: Connection,
        at path: String,
        known: Int64 = HourSchema.version
    ) throws(SpanStoreError) {
        let found = try version(of: connection)
        guard found <= known else {
            throw .unavailable("\(path) has format \(found), but this collector reads format \(known)")
        }
    }

    private static let tables = """
        CREATE TABLE block (
            id INTEGER PRIMARY KEY,
            first_start INTEGER, last_start INTEGER, -- microseconds since 1970; null when no span has a start
            spans INTEGER NOT NULL);
        CREATE TABLE block_filter (id INTEGER PRIMARY KEY, filter BLOB NOT NULL);
        CREATE TABLE block_bytes (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE trace (low INTEGER NOT NULL, block INTEGER NOT NULL, PRIMARY KEY (low, block)) WITHOUT ROWID;
        CREATE TABLE service (name TEXT PRIMARY KEY, spans INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE name (
            service TEXT NOT NULL, -- or, where it is a tag's value, the tag
            kind INTEGER NOT NULL, -- 0: of a span, 1: of a remote service, 2: value of a tag
            name TEXT NOT NULL,
            PRIMARY KEY (service, kind, name)) WITHOUT ROWID;
        CREATE TABLE journal (number INTEGER PRIMARY KEY); -- the files of the journal of which the spans are here

        """
}

/// What the rows of the table `name` are.
enum NameKind: Int64 {
    case spanName = 0
    case remoteService = 1
    case tagValue = 2
}
