// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// Writes spans into the tables of ``Schema``: one fragment for each trace of a transaction.
///
/// Sendable unchecked: only the writer's serial queue uses it.
final class SpanTables: @unchecked Sendable {
    private let connection: Connection
    private var serviceIDs: [String: Int64] = [:]
    private var knownNames: Set<KnownName> = []

    private struct KnownName: Hashable {
        let table: NameTable
        let service: Int64
        let name: String
    }

    init(_ connection: Connection) throws(SpanStoreError) {
        self.connection = connection
        try loadServices()
    }

    /// Writes the spans in one transaction: all of them, or, when it throws, none.
    func insert(_ spans: [SpanRecord]) throws(SpanStoreError) {
        do throws(SpanStoreError) {
            try connection.transaction { () throws(SpanStoreError) in
                for fragment in Self.fragments(of: spans) { try insert(fragment: fragment) }
            }
        } catch {
            try forgetNames()
            throw error
        }
    }

    /// The spans grouped by trace, in the order in which the traces came.
    private static func fragments(of spans: [SpanRecord]) -> [[SpanRecord]] {
        var positions: [TraceID: Int] = [:]
        var fragments: [[SpanRecord]] = []
        for span in spans {
            if let position = positions[span.traceID] {
                fragments[position].append(span)
            } else {
                positions[span.traceID] = fragments.count
                fragments.append([span])
            }
        }
        return fragments
    }

    private func insert(fragment: [SpanRecord]) throws(SpanStoreError) {
        let start = fragment.lazy.filter { $0.startNanoseconds > 0 }.map { Int64($0.startNanoseconds / 1000) }.min()
        let statement = try connection.statement(
            "INSERT INTO fragment (trace_low, trace_high, start, spans) VALUES (?, ?, ?, ?)"
        )
        statement.bind(1, Int64(bitPattern: fragment[0].traceID.low))
        statement.bind(2, Int64(bitPattern: fragment[0].traceID.high))
        statement.bind(3, start)
        statement.bind(4, SpanBlob.pack(fragment))
        try statement.run()
        try index(fragment, row: connection.lastInsertedRow)
    }

    /// Files the fragment under each service with the start of that service's earliest span.
    private func index(_ fragment: [SpanRecord], row: Int64) throws(SpanStoreError) {
        var starts: [Int64: Int64] = [:]
        for span in fragment {
            guard let service = try serviceID(of: span) else { continue }
            if !span.name.isEmpty { try remember(span.name.lowercased(), .spanName, service) }
            if let remote = ZipkinSpan(span).remoteEndpoint?.serviceName {
                try remember(remote.lowercased(), .remoteService, service)
            }
            guard span.startNanoseconds > 0 else { continue }
            let start = Int64(span.startNanoseconds / 1000)
            starts[service] = min(starts[service] ?? start, start)
        }
        for (service, start) in starts {
            let statement = try connection.statement(
                "INSERT INTO fragment_by_service (service, start, fragment) VALUES (?, ?, ?)"
            )
            statement.bind(1, service)
            statement.bind(2, start)
            statement.bind(3, row)
            try statement.run()
        }
    }

    private func serviceID(of span: SpanRecord) throws(SpanStoreError) -> Int64? {
        guard let name = span.serviceName?.lowercased(), !name.isEmpty else { return nil }
        if let id = serviceIDs[name] { return id }
        let statement = try connection.statement("INSERT INTO service (name) VALUES (?)")
        statement.bind(1, name)
        try statement.run()
        let id = connection.lastInsertedRow
        serviceIDs[name] = id
        return id
    }

    private func remember(_ name: String, _ table: NameTable, _ service: Int64) throws(SpanStoreError) {
        let known = KnownName(table: table, service: service, name: name)
        guard !knownNames.contains(known) else { return }
        // Names may be made up by a client without end; what is remembered here only saves writes.
        if knownNames.count >= 100_000 { knownNames = [] }
        knownNames.insert(known)
        let statement = try connection.statement(
            "INSERT OR IGNORE INTO \(table.rawValue) (service, name) VALUES (?, ?)"
        )
        statement.bind(1, service)
        statement.bind(2, name)
        try statement.run()
    }

    /// After a rollback, what is remembered may not be in the tables.
    private func forgetNames() throws(SpanStoreError) {
        knownNames = []
        try loadServices()
    }

    private func loadServices() throws(SpanStoreError) {
        serviceIDs = [:]
        let statement = try connection.statement("SELECT id, name FROM service")
        while try statement.step() { serviceIDs[statement.text(1)] = statement.integer(0) }
    }
}

/// The tables that hold names by service.
enum NameTable: String {
    /// Names of spans.
    case spanName = "span_name"
    /// Names of services that were called.
    case remoteService = "remote_service"
}
