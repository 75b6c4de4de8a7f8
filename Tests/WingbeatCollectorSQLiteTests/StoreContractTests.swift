// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollectorSQLite
import WingbeatCollectorTesting

@Suite("The store in SQLite keeps the contract of stores")
struct StoreContractTests {
    @Test("rule", arguments: SpanStoreRule.allCases)
    func rule(_ rule: SpanStoreRule) async throws {
        try await SpanStoreContract { _ in try SQLiteSpanStore(directory: try TemporaryFolder().path) }.verify(rule)
    }
}
