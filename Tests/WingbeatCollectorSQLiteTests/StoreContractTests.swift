// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatCollectorSQLite
import WingbeatCollectorTesting

@Suite("The store in SQLite keeps the contract of stores")
struct StoreContractTests {
    @Test("rule", arguments: SpanStoreRule.allCases)
    func rule(_ rule: SpanStoreRule) async throws {
        let contract = SpanStoreContract { options in
            var configuration = SQLiteSpanStore.Configuration()
            configuration.options = options
            return try SQLiteSpanStore(directory: try TemporaryFolder().path, configuration: configuration)
        }
        try await contract.verify(rule)
    }
}
