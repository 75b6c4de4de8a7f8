// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

/// Groups the spans of many requests into few inserts, one at a time.
///
/// A request is answered when its insert was. While no server takes it, the insert is repeated for
/// ``patience``, with the same bytes and the same token, so that servers recognise it; then its requests fail.
/// Meanwhile further requests wait, up to a number of spans.
actor SpanInserter {
    /// How long an insert is repeated.
    static let patience: Duration = .seconds(30)
    /// How many spans are inserted together; one request may have more.
    static let largestGroup = 50_000
    private static let largestGroupBytes = 64 << 20
    private static let attemptLimit: Duration = .seconds(20)

    private let address: ClickHouseAddress
    private let servers: ClickHouseServers
    private let maximumWaitingSpans: Int
    private var waiting: [(rows: SpanRows, answer: CheckedContinuation<Void, any Error>)] = []
    private var waitingSpans = 0
    private var isRunning = false
    private var knownNames: Set<NameRow> = []

    init(_ address: ClickHouseAddress, _ servers: ClickHouseServers, maximumWaitingSpans: Int) {
        self.address = address
        self.servers = servers
        self.maximumWaitingSpans = maximumWaitingSpans
    }

    /// Returns when a server has the rows.
    func insert(_ rows: SpanRows) async throws {
        guard waitingSpans == 0 || waitingSpans + rows.count <= maximumWaitingSpans else { throw SpanStoreError.busy }
        waitingSpans += rows.count
        defer { waitingSpans -= rows.count }
        try await withCheckedThrowingContinuation { answer in
            waiting.append((rows, answer))
            guard !isRunning else { return }
            isRunning = true
            Task { await insertGroups() }
        }
    }

    /// Inserts rows of another table, all of them or, when it throws, perhaps none.
    func insert(_ bytes: [UInt8], into table: Schema.Table, columns: String) async throws {
        try await insert(bytes, into: table, columns: columns, by: .now + Self.patience)
    }

    private func insert(
        _ bytes: [UInt8],
        into table: Schema.Table,
        columns: String,
        by deadline: ContinuousClock.Instant
    ) async throws {
        try await repeatedly(by: deadline) { [address, servers] token in
            try await servers.perform { host, abilities in
                try await Self.insert(bytes, table, columns, token, address, host, abilities)
            }
        }
    }

    private func insertGroups() async {
        while !waiting.isEmpty {
            if waitingSpans < Self.largestGroup { try? await Task.sleep(for: address.batchInterval) }
            let group = takeGroup()
            do {
                try await insert(group.map(\.rows))
                for request in group { request.answer.resume() }
            } catch {
                let reason = (error as? ClickHouseFailure)?.storeError ?? .unavailable("\(error)")
                for request in group { request.answer.resume(throwing: Self.whileWriting(reason)) }
            }
            await servers.careForOthers()
        }
        isRunning = false
    }

    /// A slow insert is no slow query.
    private static func whileWriting(_ error: SpanStoreError) -> SpanStoreError {
        error == .timeout ? .unavailable("ClickHouse did not take the spans in time") : error
    }

    private func takeGroup() -> [(rows: SpanRows, answer: CheckedContinuation<Void, any Error>)] {
        var spans = 0
        var bytes = 0
        var end = 0
        for request in waiting {
            spans += request.rows.count
            bytes += request.rows.byteCount
            guard end == 0 || (spans <= Self.largestGroup && bytes <= Self.largestGroupBytes) else { break }
            end += 1
        }
        defer { waiting.removeFirst(end) }
        return Array(waiting[..<end])
    }

    /// Names first and searches last: what a search finds is there.
    private func insert(_ group: [SpanRows]) async throws {
        let deadline = ContinuousClock.now + Self.patience
        let names = group.reduce(into: Set<NameRow>()) { $0.formUnion($1.names) }.subtracting(knownNames)
        if !names.isEmpty {
            var rows = RowWriter()
            for name in names { name.append(to: &rows) }
            try await insert(rows.bytes, into: .names, columns: NameRow.columns, by: deadline)
            remember(names)
        }
        try await insert(group.flatMap(\.spans), into: .spans, columns: SpanRows.spanColumns, by: deadline)
        let traces = group.flatMap(\.traces)
        try await repeatedly(by: deadline) { [address, servers] token in
            try await servers.perform { host, abilities in
                let columns = TraceRowWriter.columns(isModern: abilities.isModern)
                try await Self.insert(traces, .traces, columns, token, address, host, abilities)
            }
        }
    }

    /// Clients may make up names without end; what is remembered only saves inserts.
    private func remember(_ names: Set<NameRow>) {
        if knownNames.count + names.count > 100_000 { knownNames = [] }
        knownNames.formUnion(names.prefix(100_000))
    }

    private static func insert(
        _ bytes: [UInt8],
        _ table: Schema.Table,
        _ columns: String,
        _ token: String,
        _ address: ClickHouseAddress,
        _ host: ClickHouseHost,
        _ abilities: ServerAbilities
    ) async throws {
        _ = try await host.run(
            "INSERT INTO \(Schema.local(table, in: address)) (\(columns)) FORMAT RowBinary",
            body: bytes,
            settings: abilities.settings(forInsert: token),
            timeout: attemptLimit
        )
    }

    /// Repeats what fails in a way that may pass, with growing pauses.
    private func repeatedly(
        by deadline: ContinuousClock.Instant,
        _ attempt: @Sendable (_ token: String) async throws -> Void
    ) async throws {
        let token = "\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
        var pause: Duration = .milliseconds(50)
        while true {
            do {
                return try await attempt(token)
            } catch let failure as ClickHouseFailure where failure.mayPass || failure.isTimeout {
                guard .now + pause < deadline else { throw failure }
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(2))
            }
        }
    }
}
