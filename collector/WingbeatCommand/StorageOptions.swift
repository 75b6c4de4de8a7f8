// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hummingbird
import WingbeatCollector
import WingbeatCollectorSQLite
import WingbeatCollectorServer

/// Where spans are kept, and how much an answer may hold.
struct StorageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where spans are kept: sqlite, or mem for as long as the process lives. (default: STORAGE_TYPE, or sqlite)",
            valueName: "storage"
        ),
        transform: { text in
            guard let storage = ZipkinEnvironment.Storage(rawValue: text.lowercased()) else {
                throw ValidationError("'\(text)' is neither sqlite nor mem.")
            }
            return storage
        }
    )
    var storage: ZipkinEnvironment.Storage?

    @Option(help: ArgumentHelp("The most spans that an answer to a query holds.", valueName: "spans"))
    var maxAnswerSpans = CollectorServer.Configuration().maximumAnswerSpans

    func validate() throws {
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

    /// Opens the store.
    ///
    /// - Parameter folder: where SQLite's files are.
    func open(_ zipkin: ZipkinEnvironment, folder: String) throws(SpanStoreError) -> OpenStore {
        var options = zipkin.store
        options.maximumAnswerSpans = maxAnswerSpans
        switch storage ?? zipkin.storage ?? .sqlite {
        case .mem:
            let store = InMemorySpanStore(options: options, maximumSpans: zipkin.maximumSpansInMemory)
            return OpenStore(store: store, place: "in memory, the newest \(zipkin.maximumSpansInMemory) spans") {}
        case .sqlite:
            let store = try SQLiteSpanStore(directory: folder)
            return OpenStore(store: store, place: folder) { await store.close() }
        }
    }
}

/// A store, where it is, and how it is closed.
struct OpenStore: Sendable {
    let store: any SpanStore
    let place: String
    let close: @Sendable () async -> Void
}
