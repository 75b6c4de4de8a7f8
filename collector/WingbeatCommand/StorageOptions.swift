// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hummingbird
import Logging
import WingbeatCollector
import WingbeatCollectorClickHouse
import WingbeatCollectorSQLite
import WingbeatCollectorServer

/// Where spans are kept, and how much an answer holds.
struct StorageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where spans are kept: sqlite, mem, none (with --forward) or clickhouse://USER:PASSWORD@HOST:8123/DATABASE. (default: STORAGE_TYPE, or sqlite)",
            discussion: "Several hosts of ClickHouse: clickhouse://HOST,HOST/DATABASE?cluster=NAME.",
            valueName: "store"
        )
    )
    var storage: Kind?

    @Option(help: ArgumentHelp("The most spans that an answer to a query holds.", valueName: "spans"))
    var maxAnswerSpans = CollectorServer.Configuration().maximumAnswerSpans

    @Option(
        help: ArgumentHelp(
            "The folder in which spans are kept. (default: ~/.local/share/wingbeat)",
            valueName: "folder"
        )
    )
    var data: String?

    @Option(
        help: ArgumentHelp(
            "How long spans are kept: a number and s, m, h or d; 0s for ever. Whole hours are deleted.",
            valueName: "duration"
        )
    )
    var retention = DurationArgument(.seconds(72 * 3600))

    @Option(
        help: ArgumentHelp(
            "How much disk spans may take: a number, and kB, MB, GB or KiB, MiB, GiB; 0 for no limit. The oldest go first.",
            valueName: "size"
        )
    )
    var maxBytes = ByteCountArgument(2_000_000_000)

    @Flag(help: "Answer only when spans survive a power failure, too. Slower: each write waits for the disk.")
    var durable = false

    /// A store that can be chosen.
    enum Kind: ExpressibleByArgument {
        case sqlite
        case memory
        /// Nowhere: they are only sent on.
        case none
        case clickHouse(ClickHouseAddress)
        /// An address that cannot be read, with the reason.
        case invalid(String)

        init?(argument: String) {
            switch argument {
            case "sqlite": self = .sqlite
            case "mem": self = .memory
            case "none": self = .none
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

    /// True when spans are kept nowhere.
    var isNone: Bool {
        if case .some(.none) = storage { return true }
        return false
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
        case nil:
            throw ValidationError("STORAGE_TYPE=\(type) is not known; expected sqlite, mem, none or clickhouse://….")
        case .invalid(let reason): throw ValidationError("STORAGE_TYPE: \(reason)")
        case .some(let kind): return kind
        }
    }

    /// The data folder.
    func folder(_ environment: Environment) -> String {
        if let data { return data }
        if let home = environment.get("XDG_DATA_HOME"), !home.isEmpty { return home + "/wingbeat" }
        return (environment.get("HOME") ?? ".") + "/.local/share/wingbeat"
    }

    /// Opens a store.
    ///
    /// - Parameter tail: which traces are kept when they are whole; nil for all.
    func open(
        _ kind: Kind,
        _ zipkin: ZipkinEnvironment,
        tail: TailPolicy?,
        _ environment: Environment,
        _ logger: Logger
    ) async throws(SpanStoreError) -> OpenStore {
        var options = zipkin.store
        options.maximumAnswerSpans = maxAnswerSpans
        switch kind {
        case .sqlite:
            let folder = folder(environment)
            let store = try SQLiteSpanStore(directory: folder, configuration: sqlite(options, tail, logger))
            return OpenStore(store: store, place: folder) { await store.close() }
        case .memory:
            let most = zipkin.maximumSpansInMemory
            let store = InMemorySpanStore(options: options, maximumSpans: most)
            return OpenStore(store: store, place: "in memory until it ends, the newest \(most) spans") {}
        case .none:
            return OpenStore(store: nil, place: "nowhere", close: {})
        case .clickHouse(let address):
            let store = try await ClickHouseSpanStore(address: address, options: options)
            return OpenStore(store: store, place: address.description) { await store.close() }
        case .invalid(let reason):
            throw .unavailable(reason)
        }
    }

    private func sqlite(
        _ options: SpanStoreOptions,
        _ tail: TailPolicy?,
        _ logger: Logger
    ) -> SQLiteSpanStore.Configuration {
        var configuration = SQLiteSpanStore.Configuration()
        configuration.options = options
        configuration.retention = retention.duration
        configuration.maximumBytes = maxBytes.count
        configuration.durable = durable
        configuration.notice = { logger.warning("\($0)") }
        if let tail {
            configuration.keep = { tail.keep($0) }
            configuration.tailDecisions = { tail.counts }
        }
        return configuration
    }
}

/// A store, and how it ends.
struct OpenStore: Sendable {
    /// Nil where spans are only sent on.
    let store: (any SpanStore)?
    /// Where the spans are, for a person.
    let place: String
    let close: @Sendable () async -> Void
}
