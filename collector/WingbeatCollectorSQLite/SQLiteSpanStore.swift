// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
public import WingbeatCollector
public import WingbeatModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Keeps spans in a SQLite database in a folder of its own.
///
/// One writer groups what arrives into transactions; ``accept(_:)`` returns when the transaction with its spans is in
/// the write-ahead log, so that they survive a kill of the process (after a power failure the last transactions may be
/// missing: `synchronous=NORMAL`). Readers see each transaction at once and never wait for the writer.
public final class SQLiteSpanStore: SpanStore {
    /// Limits of a store.
    public struct Configuration: Sendable {
        /// How many spans may wait to be written; beyond that ``accept(_:)`` throws ``SpanStoreError/busy``.
        public var maximumWaitingSpans = 200_000
        /// How many queries run at once; further ones wait.
        public var readers = 4
        /// How long a query may take.
        public var queryTimeout: Duration = .seconds(11)

        /// The defaults.
        public init() {}
    }

    private let writer: SpanWriter
    private let readers: ReaderPool
    private let checker: ReaderPool  // a health check does not queue behind searches
    private let lock: FolderLock

    /// Opens the store, or makes it where there is none.
    ///
    /// - Parameter directory: made when it is not there; one collector at a time may use it.
    public init(directory: String, configuration: Configuration = Configuration()) throws(SpanStoreError) {
        lock = try FolderLock(directory)
        let path = directory + "/spans.sqlite"
        let connection = try Connection(path: path)
        try Schema.prepare(connection)
        writer = SpanWriter(try SpanTables(connection), maximumWaitingSpans: configuration.maximumWaitingSpans)
        readers = try ReaderPool(path: path, count: configuration.readers, timeout: configuration.queryTimeout)
        checker = try ReaderPool(path: path, count: 1, timeout: configuration.queryTimeout)
    }

    /// Keeps the spans; returns when they survive a kill of the process.
    public func accept(_ spans: [SpanRecord]) async throws {
        guard !spans.isEmpty else { return }
        try await writer.write(spans)
    }

    /// Writes what waits. Nothing may be accepted after it.
    public func close() async {
        await writer.finish()
    }

    /// The names of all services, sorted.
    public func services() async throws -> [String] {
        try await readers.read { reader in try reader.services() }
    }

    /// The names of a service's spans, sorted.
    public func spanNames(ofService service: String) async throws -> [String] {
        try await readers.read { reader in try reader.names(in: .spanName, ofService: service) }
    }

    /// The names of the services that a service called, sorted.
    public func remoteServices(ofService service: String) async throws -> [String] {
        try await readers.read { reader in try reader.names(in: .remoteService, ofService: service) }
    }

    /// The spans of a trace.
    public func trace(_ id: TraceID) async throws -> [SpanRecord] {
        try await readers.read { reader in try reader.trace(id) }
    }

    /// The traces that match, newest first.
    public func traces(matching query: TraceQuery) async throws -> [[SpanRecord]] {
        try await readers.read { reader in try reader.traces(matching: query) }
    }

    /// The values of a tag.
    public func tagValues(forKey key: String) async throws -> [String] { [] }

    /// Counts are taken from the spans themselves, when they are asked for.
    public func add(_ rollups: [Rollup]) async throws {}

    /// The links between services, counted over all traces with spans in the window.
    public func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) async throws -> [Rollup] {
        guard kind == .link else { return [] }
        return try await readers.read { reader in
            try reader.dependencies(in: window).map {
                let calls = CallStatistics(count: $0.callCount, errors: $0.errorCount)
                return Rollup(
                    .link,
                    minute: window.lowerBound / 60_000_000,
                    service: $0.parent,
                    name: $0.child,
                    calls: calls
                )
            }
        }
    }

    /// Not known.
    public func status() async throws -> SpanStoreStatus { SpanStoreStatus() }

    /// Throws when the database cannot be read.
    public func check() async throws {
        try await checker.read { reader in try reader.check() }
    }
}

/// Keeps a second collector out of the folder, for as long as it lives.
private final class FolderLock: Sendable {
    private let descriptor: CInt

    init(_ directory: String) throws(SpanStoreError) {
        guard makeDirectories(directory) else {
            throw .unavailable("cannot make the folder \(directory): \(String(cString: strerror(errno)))")
        }
        descriptor = open(directory + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .unavailable("cannot write to the folder \(directory): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .unavailable("the folder \(directory) is in use by another collector")
        }
    }

    deinit {
        close(descriptor)
    }
}

/// Makes a folder and those above it; false, with `errno` set, when it cannot.
private func makeDirectories(_ path: String) -> Bool {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return true }
    guard errno == ENOENT, let slash = path.dropLast().lastIndex(of: "/"), slash != path.startIndex else {
        return false
    }
    return makeDirectories(String(path[..<slash])) && mkdir(path, 0o755) == 0
}
