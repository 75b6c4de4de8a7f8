// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import WingbeatCollector
import WingbeatCollectorClickHouse
import WingbeatCollectorSQLite

/// Where spans are kept.
struct StorageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where spans are kept: sqlite, mem or clickhouse://USER:PASSWORD@HOST:8123/DATABASE. (default: sqlite)",
            discussion: "Several hosts of ClickHouse: clickhouse://HOST,HOST/DATABASE?cluster=NAME.",
            valueName: "store"
        )
    )
    var storage: Kind?

    /// A store that can be chosen.
    enum Kind: ExpressibleByArgument {
        case sqlite
        case memory
        case clickHouse(ClickHouseAddress)
        /// An address that cannot be read, with the reason.
        case invalid(String)

        init?(argument: String) {
            switch argument {
            case "sqlite": self = .sqlite
            case "mem": self = .memory
            case _ where argument.hasPrefix("clickhouse"):
                do throws(ClickHouseAddress.Invalid) {
                    self = .clickHouse(try ClickHouseAddress(argument))
                } catch {
                    self = .invalid(error.description)
                }
            default: return nil
            }
        }
    }

    func validate() throws {
        if case .invalid(let reason) = storage { throw ValidationError("--storage: \(reason)") }
    }

    /// Opens the store that was chosen.
    ///
    /// - Parameters:
    ///   - folder: where SQLite's files are.
    ///   - options: what every store can be told.
    func open(folder: String, options: SpanStoreOptions) async throws(SpanStoreError) -> OpenStore {
        switch storage {
        case nil, .sqlite:
            let store = try SQLiteSpanStore(directory: folder)
            return OpenStore(store: store, place: folder) { await store.close() }
        case .memory:
            return OpenStore(store: InMemorySpanStore(options: options), place: "in memory, until it ends") {}
        case .clickHouse(let address):
            let store = try await ClickHouseSpanStore(address: address, options: options)
            return OpenStore(store: store, place: address.description) { await store.close() }
        case .invalid(let reason):
            throw .unavailable(reason)
        }
    }
}

/// A store, and how it ends.
struct OpenStore: Sendable {
    let store: any SpanStore
    /// Where the spans are, for a person.
    let place: String
    let close: @Sendable () async -> Void
}
