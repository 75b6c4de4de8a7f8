// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
<<<<<<< HEAD
=======
import WingbeatCollector
import WingbeatCollectorSQLite
>>>>>>> 97eeeb4e44bc7e7b1bc20747fddbe9c72755c505
import WingbeatCollectorTesting

@testable import WingbeatCollectorSQLite

@Suite("The store in SQLite keeps the contract of stores")
struct StoreContractTests {
    @Test("rule", arguments: SpanStoreRule.allCases)
    func rule(_ rule: SpanStoreRule) async throws {
<<<<<<< HEAD
        try await SpanStoreContract { options in
            var configuration = SQLiteSpanStore.Configuration()
            configuration.options = options
            return try SQLiteSpanStore(directory: try TemporaryFolder().path, configuration: configuration)
        }.verify(rule)
    }

    @Test("rule, when what is accepted is sealed at once", arguments: SpanStoreRule.allCases)
    func sealedRule(_ rule: SpanStoreRule) async throws {
        try await SpanStoreContract { options in
            var configuration = SQLiteSpanStore.Configuration()
            configuration.options = options
            configuration.headLimits.spans = 1
            return try SQLiteSpanStore(directory: try TemporaryFolder().path, configuration: configuration)
        }.verify(rule)
=======
        let contract = SpanStoreContract { options in
            var configuration = SQLiteSpanStore.Configuration()
            configuration.options = options
            return try SQLiteSpanStore(directory: try TemporaryFolder().path, configuration: configuration)
        }
        try await contract.verify(rule)
>>>>>>> 97eeeb4e44bc7e7b1bc20747fddbe9c72755c505
    }
}
