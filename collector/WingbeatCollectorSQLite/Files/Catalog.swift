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

    /// Opens the catalog; one that is damaged is set aside, since spans can be found without it.
    static func open(directory: String, notice: Notice) throws(SpanStoreError) -> Catalog {
        let path = directory + "/catalog.sqlite"
        do throws(SpanStoreError) {
            _ = try HourSchema.version(of: try Connection(path: path))
        } catch {
            if error.isLackOfRoom { throw error }
            setAside(path)
            notice("\(path) is set aside as catalog.sqlite.damaged: \(error)")
        }
        return try Catalog(path: path)
    }

    private init(path: String) throws(SpanStoreError) {
        connection = try Connection(path: path)
        try HourSchema.checkVersion(of: connection, at: path, known: Self.version)
        try connection.execute(
            "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
                + "PRAGMA cache_size=-8192; PRAGMA journal_size_limit=4194304"
        )
        guard try HourSchema.version(of: connection) == 0 else { return }
        try connection.transaction { () throws(SpanStoreError) in
            try connection.execute(Self.tables + "PRAGMA user_version=\(Self.version);")
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
