// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatModel

@testable import WingbeatCollectorSQLite

@Suite("SQL over a store")
struct StoreSQLTests {
    private func rows(_ statement: String, _ store: SQLiteSpanStore) async throws -> [[SQLValue]] {
        try await store.answer(to: statement, limits: SQLLimits()).rows
    }

    @Test("spans are found in memory, in files and among the pinned, each once")
    func everywhere() async throws {
        let store = try SQLiteSpanStore(directory: TemporaryFolder().path)
        for trace in 1...3 as ClosedRange<UInt64> { try await store.accept(newTrace(trace, start: Int64(trace) * 10)) }
        await store.close()
        for trace in 4...5 as ClosedRange<UInt64> { try await store.accept(newTrace(trace, start: Int64(trace) * 10)) }
        try await store.pin(TraceID(hex: "2") ?? .smallest)
        try await store.pin(TraceID(hex: "5") ?? .smallest)
        let ids = (1...5).map { [SQLValue.text("000000000000000\($0)"), .integer(4)] }
        #expect(try await rows("SELECT trace_id, spans FROM traces ORDER BY 1", store) == ids)
        #expect(
            try await rows("SELECT count(*) FROM spans WHERE trace_id = '0000000000000003'", store) == [[.integer(4)]]
        )
        let before = (today * 1000 + 30) * 1000
        #expect(try await rows("SELECT count(*) FROM spans WHERE start < \(before)", store) == [[.integer(2)]])
        #expect(try await rows("SELECT count(*) FROM spans WHERE service = 'backend'", store) == [[.integer(10)]])
        #expect(try await rows("SELECT count(*) FROM spans WHERE service = 'nobody'", store) == [[.integer(0)]])
    }
}
