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
            let file = HourFile(name, in: directory, isClosed: !isLast)
            let problem: SpanStoreError
            switch Self.open(file.path) {
            case .success(let connection):
                try HourSchema.checkVersion(of: connection, at: file.path)
                guard let found = add(file, HourFileReader(connection: connection)) else { continue }
                problem = found
            case .failure(let found): problem = found
            }
            // A file that is whole must not be set aside because there is no room for reading it.
            if problem.isLackOfRoom { throw problem }
            setAside(file.path)
            configuration.notice("\(file.path) is set aside as \(name.fileName).damaged: \(problem)")
        }
    }

    /// - Returns: why the file cannot be read; nil when it was.
    private mutating func add(_ file: HourFile, _ reader: HourFileReader) -> SpanStoreError? {
        do throws(SpanStoreError) {
            let view = HourView(file: file, blocks: try reader.blocks(), services: try reader.services())
            let (found, sealed) = (try reader.names(), try reader.journals())
            files.append(view)
            names.add(found)
            journals.formUnion(sealed)
            return nil
        } catch {
            return error
        }
    }

    /// A process that was killed leaves a write-ahead log, which must be moved into the file before it is taken for
    /// closed.
    private static func open(_ path: String) -> Result<Connection, SpanStoreError> {
        Result { () throws(SpanStoreError) in
            let hasLog = (fileSize(path + "-wal") ?? 0) > 0
            let connection = try Connection(path: path, hasLog ? .writing : .reading(isImmutable: true))
            if hasLog { try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)") }
            _ = try HourSchema.version(of: connection)
            return connection
        }
    }
}

/// Gives the files of a database that cannot be read another name, so that they are in nobody's way.
func setAside(_ path: String) {
    for file in databaseFiles(path) { rename(file, file + ".damaged") }
}
