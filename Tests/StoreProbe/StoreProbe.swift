// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatCollector
import WingbeatCollectorClickHouse
import WingbeatCollectorTesting
import WingbeatModel

/// Runs the contract of stores against a server: `StoreProbe clickhouse://host:port?cluster=x [rule …]`.
///
/// Each store gets a database of its own. It prints a line of JSON for each rule: its name, and what is wrong, if
/// anything is.
@main
struct StoreProbe {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        var address = try ClickHouseAddress(arguments.first ?? "")
        address.batchInterval = .zero
        let contract = SpanStoreContract { [address] options in
            var own = address
            own.database = "contract_\(UInt64.random(in: .min ... .max))"
            return try await ClickHouseSpanStore(address: own, options: options)
        }
        let chosen = Set(arguments.dropFirst())
        for rule in SpanStoreRule.allCases where chosen.isEmpty || chosen.contains(rule.rawValue) {
            print(try line(rule, await trouble(contract, rule)))
            fflush(nil)
        }
    }

    private static func trouble(_ contract: SpanStoreContract, _ rule: SpanStoreRule) async -> String? {
        do {
            try await contract.verify(rule)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static func line(_ rule: SpanStoreRule, _ trouble: String?) throws -> String {
        let fields = ["rule": rule.rawValue, "trouble": trouble].compactMapValues { $0 }
        return String(decoding: try JSONSerialization.data(withJSONObject: fields, options: .sortedKeys), as: UTF8.self)
    }
}
