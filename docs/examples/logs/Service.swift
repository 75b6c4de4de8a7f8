// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import WingbeatHummingbird

/// A service whose level may be changed while it runs.
func serve() async throws {
    let telemetry = try Telemetry.configure(twoOutputs())
    telemetry.logPipeline.level = .debug

    let router = Router()
    var options = ObservationOptions()
    options.logLevelPath = "/loglevel"
    router.observe(telemetry, options: options)
    router.get("/orders/{id}") { _, context in
        let id = context.parameters.get("id") ?? ""
        telemetry.log.debug("order looked up", ("id", id))
        return "order \(id)\n"
    }

    var application = Application(router: router, logger: telemetry.logger)
    application.addServices(telemetry)
    try await application.runService()
}
