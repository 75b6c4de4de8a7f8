// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Wingbeat

// `LogsExample` writes a few lines, in the format that WINGBEAT_LOG_FORMAT says; `LogsExample serve` is a service.
if CommandLine.arguments.dropFirst().first == "serve" {
    try await serve()
} else {
    let telemetry = try Telemetry.configure("checkout")
    writeLines(telemetry)
    writeInContext(telemetry.log)
    mixLoggers(telemetry.log)
    writeElsewhere()
}
