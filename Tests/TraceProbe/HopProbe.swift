// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Hummingbird
import NIOCore
import WingbeatHummingbird

/// A service between others: `GET /hop` calls the service at `NEXT`, when there is one, and answers what it answers.
enum HopProbe {
    @Sendable
    static func run(_ arguments: [String]) async throws {
        let telemetry = try Telemetry.configure("hop")
        let environment = Environment()
        let next = environment.get("NEXT")
        let router = Router()
        router.observe(telemetry)
        router.get("/hop") { _, _ in
            guard let next else { return "end" }
            let answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: next), timeout: .seconds(10))
            return String(buffer: try await answer.body.collect(upTo: 65_536))
        }
        let port = environment.get("PORT").flatMap(Int.init) ?? 8080
        var application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: telemetry.logger
        )
        application.addServices(telemetry)
        try await application.runService()
    }
}
