// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import WingbeatHummingbird

/// Go kit's string service, the part that does the work: `POST /uppercase` and `POST /count`.
@main
struct StringsvcBack {
    static func main() async throws {
        let telemetry = try Telemetry.configure("stringsvc-back")
        let environment = Environment()
        let faults = environment.get("STRINGSVC_FAULTS").flatMap(Double.init) ?? 0

        let router = Router()
        router.observe(telemetry)
        router.post("/uppercase") { request, context in
            let input = try await request.decode(as: StringRequest.self, context: context)
            return try await withSpan("uppercase") { span in
                span.attributes["input.length"] = input.s.count
                try await Task.sleep(for: .milliseconds(.random(in: 1...20)))  // it is hard work
                if .random(in: 0..<1) < faults { throw HTTPError(.serviceUnavailable, message: "out of letters") }
                guard !input.s.isEmpty else {
                    telemetry.logger.warning("nothing to do", metadata: ["reason": "empty string"])
                    return StringResponse(v: "", err: "empty string")  // a business error is no transport error
                }
                return StringResponse(v: input.s.uppercased())
            }
        }
        router.post("/count") { request, context in
            CountResponse(v: try await request.decode(as: StringRequest.self, context: context).s.count)
        }

        let port = environment.get("PORT").flatMap(Int.init) ?? 8081
        var application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: telemetry.logger
        )
        application.addServices(telemetry, EventLoopProbe(telemetry))
        try await application.runService()
    }
}

struct StringRequest: Decodable {
    let s: String
}

struct StringResponse: ResponseEncodable {
    let v: String
    var err: String?
}

struct CountResponse: ResponseEncodable {
    let v: Int
}
