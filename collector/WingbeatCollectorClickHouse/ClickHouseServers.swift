// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import WingbeatCollector

/// The servers, of which one is in use: what was written to it is read from it, so that a query finds what was
/// accepted before, whether or not the replicas have it yet.
///
/// When it fails, the next one that works is in use from then on. The first one is not returned to when it comes back,
/// for it may lack what was written meanwhile.
actor ClickHouseServers {
    private let address: ClickHouseAddress
    private let client: HTTPClient
    private let hosts: [ClickHouseHost]
    private var current = 0
    private var abilities: [Int: ServerAbilities] = [:]
    private var lastCare = ContinuousClock.now

    /// How long preparing a server may take.
    private static let patience: Duration = .seconds(20)

    init(_ address: ClickHouseAddress) {
        var options = HTTPClient.Configuration()
        options.tracing.tracer = nil  // the store makes no spans
        options.redirectConfiguration = .disallow
        options.timeout.connect = .seconds(3)
        options.connectionPool.retryConnectionEstablishment = false  // there may be another host
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
        self.address = address
        self.client = client
        hosts = address.hosts.map { ClickHouseHost($0, of: address, client: client) }
    }

    /// A client must be shut down, also for a store that was forgotten before it was closed.
    deinit {
        Task { [client] in try? await client.shutdown() }
    }

    /// Makes the tables on all servers that can be reached.
    ///
    /// - Returns: what the one in use knows.
    /// - Throws: what the last one said when none works.
    func open() async throws -> ServerAbilities {
        let abilities = try await perform { _, abilities in abilities }
        await prepareOthers()
        return abilities
    }

    /// Closes the connections.
    func close() async {
        try? await client.shutdown()
    }

    /// Runs the body with the server in use, and with the others in turn while it fails in a way that may pass.
    func perform<Result: Sendable>(
        _ body: @Sendable (ClickHouseHost, ServerAbilities) async throws -> Result
    ) async throws -> Result {
        let first = current
        var failure = ClickHouseFailure.unreachable("no server")
        for step in 0..<hosts.count {
            let index = (first + step) % hosts.count
            do {
                let result = try await body(hosts[index], try await prepared(index))
                // Another task may have moved on meanwhile; it knows better.
                if step > 0, current == first { current = index }
                return result
            } catch let error as ClickHouseFailure where error.mayPass {
                if error.isMissingTable { abilities[index] = nil }
                failure = error
            }
        }
        throw failure
    }

    /// Prepares servers that were away, now and then, so that they can take over.
    func careForOthers() async {
        guard hosts.count > 1, abilities.count < hosts.count, .now - lastCare > .seconds(10) else { return }
        await prepareOthers()
    }

    private func prepareOthers() async {
        lastCare = .now
        for index in hosts.indices { _ = try? await prepared(index) }
    }

    private func prepared(_ index: Int) async throws -> ServerAbilities {
        if let known = abilities[index] { return known }
        let host = hosts[index]
        let new = try await ServerAbilities(of: host, timeout: Self.patience)
        for statement in Schema(address: address, abilities: new).statements {
            _ = try await host.run(statement, timeout: Self.patience)
        }
        abilities[index] = new
        return new
    }
}
