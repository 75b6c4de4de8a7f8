// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The hours' files that earlier processes wrote.
struct FoundFiles {
    private(set) var files: [HourView] = []
    private(set) var names = Names()
    /// The journal files of which the spans are in them.
    private(set) var journals: Set<UInt64> = []

    init(_ directory: String, _ configuration: SQLiteSpanStore.Configuration) throws(SpanStoreError) {
        let found = fileNames(in: directory, endingIn: ".sqlite").compactMap { HourName($0) }.sorted()
        for name in found {
            let isLast = name == found.last && name.hour == configuration.clock.hour
            let path = directory + "/" + name.fileName
            do throws(SpanStoreError) {
                let connection = try Self.open(path)
                let version = try HourSchema.version(of: connection)
                guard version <= HourSchema.version else {
                    throw .unavailable("\(path) has format \(version), but this collector reads format \(HourSchema.version)")
                }
                try add(HourFile(name, in: directory, isClosed: !isLast), HourFileReader(connection: connection))
            } catch {
                if case .unavailable(let reason) = error, reason.contains(" but this collector reads ") { throw error }
                setAside(path)
                configuration.notice("\(path) is set aside as \(name.fileName).damaged: \(error)")
            }
        }
    }

    private mutating func add(_ file: HourFile, _ reader: HourFileReader) throws(SpanStoreError) {
        let view = HourView(file: file, blocks: try reader.blocks(), services: try reader.services())
        let (found, sealed) = (try reader.names(), try reader.journals())
        files.append(view)
        names.add(found)
        journals.formUnion(sealed)
    }

    /// A process that was killed leaves a write-ahead log, which must be moved into the file before it is taken for
    /// closed.
    private static func open(_ path: String) throws(SpanStoreError) -> Connection {
        guard (fileSize(path + "-wal") ?? 0) > 0 else {
            return try Connection(path: path, .reading(isImmutable: true))
        }
        let connection = try Connection(path: path)
        try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return connection
    }
}

/// Gives the files of a database that cannot be read another name, so that they are in nobody's way.
func setAside(_ path: String) {
    for file in databaseFiles(path) { rename(file, file + ".damaged") }
}
