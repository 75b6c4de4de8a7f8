// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import WingbeatHummingbird

let telemetry = try Telemetry.configure("checkout")
let router = Router()
router.observe(telemetry)
router.get("/hello/{name}") { _, context in
    withSpan("greet") { _ in "hello \(context.parameters.get("name") ?? "?")" }
}
var application = Application(router: router, logger: telemetry.logger)
application.addServices(telemetry)
try await application.runService()
