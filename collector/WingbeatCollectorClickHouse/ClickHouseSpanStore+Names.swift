// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatCollector

extension ClickHouseSpanStore {
    /// The names of all services, sorted.
    public func services() async throws -> [String] {
        try await names(.service, of: "")
    }

    /// The names of a service's spans, sorted.
    public func spanNames(ofService service: String) async throws -> [String] {
        try await names(.span, ofService: service)
    }

    /// The names of the services that a service called, sorted.
    public func remoteServices(ofService service: String) async throws -> [String] {
        try await names(.remoteService, ofService: service)
    }

    /// The values of a tag, sorted.
    public func tagValues(forKey key: String) async throws -> [String] {
        guard options.autocompleteKeys.contains(key) else { return [] }
        return try await names(.tagValue, of: key)
    }

    private func names(_ kind: NameKind, ofService service: String) async throws -> [String] {
        service.isEmpty ? [] : try await names(kind, of: service.lowercased())
    }

    private func names(_ kind: NameKind, of service: String) async throws -> [String] {
        guard options.searchEnabled else { return [] }
        return try await rows(
            """
            SELECT DISTINCT Name FROM \(Schema.all(.names, in: address)) \
            WHERE Kind = \(kind.rawValue) AND Service = \(SQL.text(service)) ORDER BY Name FORMAT RowBinary
            """
        ) { reader throws(RowReader.Damaged) in try reader.text() }
    }
}

extension ClickHouseSpanStore {
    /// What was counted, oldest first.
    public func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) async throws -> [Rollup] {
        let minutes = (window.lowerBound / 60_000_000, window.upperBound / 60_000_000)
        let rows = try await rows(
            """
            SELECT Minute, Service, Name, any(Calls), any(Errors), any(Durations) \
            FROM \(Schema.all(.rollups, in: address)) \
            WHERE Kind = \(kind.rawValue) AND Minute BETWEEN \(minutes.0) AND \(minutes.1) \
            GROUP BY Minute, Service, Name, Batch ORDER BY Minute, Service, Name FORMAT RowBinary
            """
        ) { reader throws(RowReader.Damaged) in try reader.rollup(kind) }
        return rows.reduce(into: []) { sums, row in
            if let last = sums.last, last.hasNames(of: row) {
                sums[sums.count - 1].calls.add(row.calls)
            } else {
                sums.append(row)
            }
        }
    }
}

extension Rollup {
    fileprivate func hasNames(of other: Rollup) -> Bool {
        minute == other.minute && service == other.service && name == other.name
    }
}

extension RowWriter {
    /// The columns of ``append(_:batch:)``.
    static let rollupColumns = "Kind, Minute, Service, Name, Batch, Calls, Errors, Durations"

    mutating func append(_ rollup: Rollup, batch: UInt64) {
        append(rollup.kind.rawValue)
        append(rollup.minute)
        append(rollup.service)
        append(rollup.name)
        append(batch)
        append(Int64(rollup.calls.count))
        append(Int64(rollup.calls.errors))
        append(rollup.calls.durations.bytes)
    }
}

extension RowReader {
    fileprivate mutating func rollup(_ kind: Rollup.Kind) throws(Damaged) -> Rollup {
        let minute: Int64 = try number()
        let service = try text()
        let name = try text()
        var calls = CallStatistics(count: Int(try number(Int64.self)), errors: Int(try number(Int64.self)))
        calls.durations = DurationHistogram(bytes: try data()) ?? DurationHistogram()
        return Rollup(kind, minute: minute, service: service, name: name, calls: calls)
    }
}
