// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import WingbeatCollector
import WingbeatModel

/// The database beside the hours' files: what outlives them.
///
/// Sendable unchecked: the connection is used on the catalog's queue only.
final class Catalog: @unchecked Sendable {
    private static let version: Int64 = 1
    private let connection: Connection
    private let queue = DispatchQueue(label: "wingbeat.catalog")

    init(directory: String) throws(SpanStoreError) {
        let path = directory + "/catalog.sqlite"
        connection = try Connection(path: path)
        try connection.execute(
            "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
                + "PRAGMA cache_size=-8192; PRAGMA journal_size_limit=4194304"
        )
        let found = try HourSchema.version(of: connection)
        guard found <= Self.version else {
            throw .unavailable("\(path) has format \(found), but this collector reads format \(Self.version)")
        }
        if found == 0 {
            try connection.transaction { () throws(SpanStoreError) in
                try connection.execute(Self.tables + "PRAGMA user_version=\(Self.version);")
            }
        }
    }

    /// Opens the catalog; one that is damaged is set aside, since spans can be found without it.
    static func open(directory: String, notice: Notice) throws(SpanStoreError) -> Catalog {
        do throws(SpanStoreError) {
            return try Catalog(directory: directory)
        } catch {
            if case .unavailable(let reason) = error, reason.contains(" but this collector reads ") { throw error }
            let path = directory + "/catalog.sqlite"
            setAside(path)
            notice("\(path) is set aside as catalog.sqlite.damaged: \(error)")
            return try Catalog(directory: directory)
        }
    }

    /// Runs the body on the catalog's queue.
    func run<Answer: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Answer) async throws -> Answer {
        try await withCheckedThrowingContinuation { done in
            queue.async { done.resume(with: Result { try body(self.connection) }) }
        }
    }

    /// Runs the body on the catalog's queue, while the caller waits.
    func runNow<Answer, Failure>(_ body: (Connection) throws(Failure) -> Answer) throws(Failure) -> Answer {
        try queue.sync { Result { () throws(Failure) in try body(connection) } }.get()
    }

    private static let tables = """
        CREATE TABLE rollup (
            kind INTEGER NOT NULL, minute INTEGER NOT NULL, service TEXT NOT NULL, name TEXT NOT NULL,
            count INTEGER NOT NULL, errors INTEGER NOT NULL, durations BLOB NOT NULL,
            PRIMARY KEY (kind, minute, service, name)) WITHOUT ROWID;
        CREATE TABLE pin (
            low INTEGER NOT NULL, high INTEGER NOT NULL, spans BLOB NOT NULL, PRIMARY KEY (low, high)) WITHOUT ROWID;
        CREATE TABLE eviction (service TEXT PRIMARY KEY, spans INTEGER NOT NULL) WITHOUT ROWID;

        """
}
