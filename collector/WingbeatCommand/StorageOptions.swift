// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hummingbird
import WingbeatCollector
import WingbeatCollectorClickHouse
import WingbeatCollectorSQLite
import WingbeatCollectorServer

/// Where spans are kept, and how much an answer holds.
struct StorageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where spans are kept: sqlite, mem or clickhouse://USER:PASSWORD@HOST:8123/DATABASE. (default: STORAGE_TYPE, or sqlite)",
            discussion: "Several hosts of ClickHouse: clickhouse://HOST,HOST/DATABASE?cluster=NAME.",
            valueName: "store"
        )
    )
    var storage: Kind?

    @Option(help: ArgumentHelp("The most spans that an answer to a query holds.", valueName: "spans"))
    var maxAnswerSpans = CollectorServer.Configuration().maximumAnswerSpans

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
        guard (1...100_000_000).contains(maxAnswerSpans) else {
            throw ValidationError("--max-answer-spans must be between 1 and 100000000.")
        }
    }

    /// Zipkin's settings in the environment.
    static func zipkin(_ environment: Environment) throws -> ZipkinEnvironment {
        do {
            return try ZipkinEnvironment { environment.get($0) }
        } catch {
            throw ValidationError("\(error.description).")
        }
    }

    /// The store of `--storage`, or else of `STORAGE_TYPE`.
    func kind(orFrom zipkin: ZipkinEnvironment) throws -> Kind {
        if let storage { return storage }
        guard let type = zipkin.storageType else { return .sqlite }
        switch Kind(argument: type) {
        case nil: throw ValidationError("STORAGE_TYPE=\(type) is not known; expected sqlite, mem or clickhouse://….")
        case .invalid(let reason): throw ValidationError("STORAGE_TYPE: \(reason)")
        case .some(let kind): return kind
        }
    }

    /// Opens a store.
    ///
    /// - Parameter folder: where SQLite's files are.
    func open(_ kind: Kind, _ zipkin: ZipkinEnvironment, folder: String) async throws(SpanStoreError) -> OpenStore {
        var options = zipkin.store
        options.maximumAnswerSpans = maxAnswerSpans
        switch kind {
        case .sqlite:
            let store = try SQLiteSpanStore(directory: folder)
            return OpenStore(store: store, place: folder) { await store.close() }
        case .memory:
            let most = zipkin.maximumSpansInMemory
            let store = InMemorySpanStore(options: options, maximumSpans: most)
            return OpenStore(store: store, place: "in memory until it ends, the newest \(most) spans") {}
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
