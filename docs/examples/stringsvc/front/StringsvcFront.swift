// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Hummingbird
import NIOCore
import NIOHTTP1
import WingbeatHummingbird

/// Go kit's string service, the part that people talk to: it hands every call on to the back end.
@main
struct StringsvcFront {
    static func main() async throws {
        let telemetry = try Telemetry.configure("stringsvc-front")
        let environment = Environment()
        let backend = environment.get("BACKEND") ?? "http://127.0.0.1:8081"

        let router = Router()
        router.observe(telemetry)
        for operation in ["uppercase", "count"] {
            router.post(RouterPath(operation)) { request, _ in
                var call = HTTPClientRequest(url: "\(backend)/\(operation)")
                call.method = .POST
                call.headers.add(name: "Content-Type", value: "application/json")
                call.body = .bytes(try await request.body.collect(upTo: 65_536))
                return try await forward(call, logger: telemetry.logger)
            }
        }

        let port = environment.get("PORT").flatMap(Int.init) ?? 8080
        var application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: telemetry.logger
        )
        application.addServices(telemetry, EventLoopProbe(telemetry))
        try await application.runService()
    }

    /// AsyncHTTPClient makes the client's span and sends the trace context along, through the tracer that
    /// `Telemetry.configure` installed.
    static func forward(_ call: HTTPClientRequest, logger: Logger) async throws -> Response {
        do {
            let answer = try await HTTPClient.shared.execute(call, timeout: .seconds(2))
            let body = try await answer.body.collect(upTo: 65_536)
            guard answer.status.code < 500 else { throw HTTPError(.badGateway, message: "\(answer.status)") }
            return Response(
                status: HTTPResponse.Status(code: Int(answer.status.code)),
                headers: [.contentType: "application/json; charset=utf-8"],
                body: ResponseBody(byteBuffer: body)
            )
        } catch let error as HTTPError {
            throw error
        } catch {
            logger.error("back end unreachable", metadata: ["error": "\(error)"])
            throw HTTPError(.badGateway, message: "the back end does not answer")
        }
    }
}
