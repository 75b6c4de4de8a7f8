// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import WingbeatCollector
import WingbeatModel

@testable import WingbeatCollectorSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A folder of its own for one test. All of them are removed when the process ends, so that no store loses its
/// folder while it is in use.
struct TemporaryFolder: Sendable {
    private static let count = Atomic<Int>(0)
    private static let root: String = {
        var template = Array("/tmp/wingbeat-tests-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        atexit { TemporaryFolder.removeAll() }
        return made ?? "/tmp"
    }()

    let path: String

    init() throws {
        path = Self.root + "/\(Self.count.wrappingAdd(1, ordering: .relaxed).newValue)"
        try #require(mkdir(path, 0o755) == 0)
    }

    private static func removeAll() {
        removeTree(root)
    }

    private static func removeTree(_ path: String) {
        if unlink(path) == 0 { return }
        for name in fileNames(in: path, endingIn: "") where name != "." && name != ".." {
            removeTree(path + "/" + name)
        }
        rmdir(path)
    }
}

/// A store of its own for one test.
struct StoreUnderTest {
    let folder: TemporaryFolder
    let store: SQLiteSpanStore
    /// The way to the store on which links are counted.
    let intake: SpanIntake

    init(
        in folder: TemporaryFolder? = nil,
        _ adjust: (inout SQLiteSpanStore.Configuration) -> Void = { _ in }
    ) throws {
        self.folder = try folder ?? TemporaryFolder()
        var configuration = SQLiteSpanStore.Configuration()
        adjust(&configuration)
        store = try SQLiteSpanStore(directory: self.folder.path, configuration: configuration)
        intake = SpanIntake(store: store)
    }

    /// A store with spans in it.
    init(holding spans: [SpanRecord]) async throws {
        try self.init()
        try await store.accept(spans)
    }

    /// The traces that a search over yesterday, today and tomorrow finds.
    func search(
        service: String? = nil,
        remote: String? = nil,
        name: String? = nil,
        annotations: String? = nil,
        min: Int64? = nil,
        max: Int64? = nil,
        endTs: Int64 = today + day,
        lookback: Int64 = 2 * day,
        limit: Int = 100
    ) async throws -> [[SpanRecord]] {
        let query = try TraceQuery(
            serviceName: service,
            remoteServiceName: remote,
            spanName: name,
            annotationQuery: annotations,
            minDuration: min,
            maxDuration: max,
            endTs: endTs,
            lookback: lookback,
            limit: limit
        )
        return try await store.traces(matching: query)
    }

    /// The low halves of the ids of the traces that a search finds, in their order.
    func found(
        service: String? = nil,
        remote: String? = nil,
        name: String? = nil,
        annotations: String? = nil,
        min: Int64? = nil,
        max: Int64? = nil
    ) async throws -> [UInt64] {
        try await search(
            service: service,
            remote: remote,
            name: name,
            annotations: annotations,
            min: min,
            max: max
        ).compactMap { $0.first?.traceID.low }
    }

    /// The links over yesterday, today and tomorrow.
    func links() async throws -> [DependencyLink] {
        try await intake.dependencies(in: TraceQuery.window(endTs: today + day, lookback: 2 * day))
    }
}

extension TemporaryFolder {
    /// The names of the files in one of its folders that end in a text, sorted.
    func files(in inner: String, endingIn suffix: String = "") -> [String] {
        fileNames(in: path + "/" + inner, endingIn: suffix).filter { $0 != "." && $0 != ".." }
    }

    /// A copy of everything that is there now, as a kill of the process would leave it.
    func copy() throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        for inner in ["", "/journal", "/spans"] {
            _ = makeDirectories(copy.path + inner)
            for name in fileNames(in: path + inner, endingIn: "") where name.contains(".") && !name.hasPrefix(".") {
                try copy.write(readFile("\(path)\(inner)/\(name)"), to: "\(inner)/\(name)")
            }
        }
        return copy
    }

    /// Writes a file.
    func write(_ bytes: [UInt8], to name: String) throws {
        let file = try #require(fopen(path + "/" + name, "w"))
        defer { fclose(file) }
        try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    /// Runs statements on a database from outside.
    func execute(_ sql: String, in name: String) throws {
        let connection = try Connection(path: path + "/" + name)
        try connection.execute(sql)
    }

    /// The first column of the first row of a question to a database, from outside.
    func answer(_ sql: String, in name: String) throws -> String? {
        let connection = try Connection(path: path + "/" + name)
        return try withExtendedLifetime(connection) {
            let statement = try connection.statement(sql)
            return try statement.step() ? statement.text(0) : nil
        }
    }
}

/// Keeps what a store tells its operator.
final class Notices: Sendable {
    private let sentences = Mutex<[String]>([])

    var all: [String] { sentences.withLock { $0 } }

    @Sendable func take(_ sentence: String) {
        sentences.withLock { $0.append(sentence) }
    }
}

/// A clock that stands until it is wound.
final class HandWoundClock: Sendable {
    private let microseconds: Atomic<Int64>

    init(hour: Int64) {
        microseconds = Atomic(hour * 3_600_000_000)
    }

    var clock: Clock { Clock { self.microseconds.load(ordering: .relaxed) } }

    func wind(hours: Int64) {
        microseconds.wrappingAdd(hours * 3_600_000_000, ordering: .relaxed)
    }
}

/// Midnight of a day and the length of one, in milliseconds.
let today: Int64 = 1_700_006_400_000
let day: Int64 = 86_400_000

let frontend = NetworkEndpoint(serviceName: "frontend", ipv4: "127.0.0.1")
let backend = NetworkEndpoint(serviceName: "backend", ipv4: "192.168.99.101", port: 9000)
let database = NetworkEndpoint(serviceName: "db", ipv6: "2001:db8::c001", port: 3036)

/// A span.
///
/// - Parameters:
///   - start: microseconds after midnight; nil when unknown.
///   - duration: microseconds; nil when unknown.
func span(
    _ id: UInt64,
    of trace: UInt64 = 1,
    high: UInt64 = 0,
    parent: UInt64? = nil,
    _ kind: SpanRecord.Kind? = nil,
    at local: NetworkEndpoint? = frontend,
    to remote: NetworkEndpoint? = nil,
    named name: String = "",
    start: Int64? = 0,
    duration: UInt64? = nil,
    tags: [String: String] = [:],
    annotations: [String] = []
) -> SpanRecord {
    let traceID = TraceID(high: high, low: trace) ?? .smallest
    var span = SpanRecord(traceID: traceID, id: SpanID(id) ?? .smallest, name: name)
    span.parentID = parent.flatMap { SpanID($0) }
    span.kind = kind
    span.localEndpoint = local
    span.remoteEndpoint = remote
    span.startNanoseconds = start.map { UInt64(today * 1000 + $0) * 1000 } ?? 0
    span.durationNanoseconds = (duration ?? 0) * 1000
    span.attributes = tags.sorted { $0.key < $1.key }.map { Attribute($0.key, $0.value) }
    span.events = annotations.map { SpanRecord.Event(nanoseconds: UInt64(today) * 1_000_000, name: $0) }
    return span
}

/// The trace of Zipkin's own tests: a request to the frontend, which calls the backend, which asks its database.
///
/// - Parameter start: microseconds after midnight.
func newTrace(_ trace: UInt64 = 1, high: UInt64 = 0, start: Int64 = 0) -> [SpanRecord] {
    var server = span(
        2,
        of: trace,
        high: high,
        parent: 1,
        .server,
        at: backend,
        named: "post",
        start: start + 100,
        duration: 150
    )
    server.isShared = true
    return [
        span(1, of: trace, high: high, .server, named: "get", start: start, duration: 350),
        span(
            2,
            of: trace,
            high: high,
            parent: 1,
            .client,
            to: backend,
            named: "post",
            start: start + 50,
            duration: 200,
            tags: ["http.path": "/api", "clnt/finagle.version": "6.45.0"],
            annotations: ["foo"]
        ),
        server,
        span(
            3,
            of: trace,
            high: high,
            parent: 2,
            .client,
            at: backend,
            to: database,
            named: "query",
            start: start + 150,
            duration: 50,
            tags: ["error": "💩"],
            annotations: ["⻩"]
        ),
    ]
}
