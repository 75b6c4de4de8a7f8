// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatCollectorTesting

@Suite("The store in memory keeps the contract of stores")
struct MemoryStoreContractTests {
    @Test("rule", arguments: SpanStoreRule.allCases)
    func rule(_ rule: SpanStoreRule) async throws {
        try await SpanStoreContract { InMemorySpanStore(options: $0) }.verify(rule)
    }
}
