// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Hummingbird
import HummingbirdTesting
import NIOCore
import NIOHTTP1
import Synchronization
import Testing
import WingbeatHummingbird

@Suite("AsyncHTTPClient under Wingbeat's tracer")
struct HTTPClientTests {
    @Test("sends the context of its span, and a repeated header is read once")
    func clientSpan() async throws {
        let service = try ObservedService()
        service.router.get("/") { _, _ in "" }
        let tracer = service.telemetry.tracer
        let address = PortHolder()
        let application = Application(
            router: service.router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in address.port.withLock { $0 = channel.localAddress?.port } },
            logger: service.logger
        )
        try await application.test(.live) { _ in
            let port = try #require(address.port.withLock { $0 })
            var options = HTTPClient.Configuration()
            options.tracing.tracer = tracer
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/")
            // A proxy that forwards its own request's headers: the client adds a second traceparent to it.
            let stale = "00-463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312-01"
            request.headers.add(name: "traceparent", value: stale)
            try await tracer.withSpan("caller") { _ in
                _ = try await client.execute(request, timeout: .seconds(5))
            }
            try await client.shutdown()
        }
        #expect(await eventually { service.spans.spans.count == 3 })
        let byKind = Dictionary(grouping: service.spans.spans, by: \.kind)
        let client = try #require(byKind[.client]?.first)
        let caller = try #require(byKind[.internal]?.first)
        let server = try #require(byKind[.server]?.first)
        #expect(client.traceID == caller.traceID)
        #expect(client.parentID == caller.id)
        // Of two valid headers the first one counts, whichever it is; the trace is never torn or made up.
        let isStale = server.traceID.hex == "463ac35c9f6413ad48485a3953bb6124"
        #expect(isStale || server.parentID == client.id)
    }
}

private final class PortHolder: Sendable {
    let port = Mutex<Int?>(nil)
}
