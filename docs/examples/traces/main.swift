// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Wingbeat
import WingbeatHummingbird

// `TracesExample` shows spans and passes a trace on by hand; `TracesExample serve` is a service whose sampling can be
// changed.
if CommandLine.arguments.dropFirst().first == "serve" {
    try await serve()
} else {
    print(try await checkBuying())
    let telemetry = try Telemetry.configure("checkout")
    withTenant { passOn(telemetry.tracer) }
    answerMessage(telemetry.tracer, headers: [("b3", "463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312-1")])
    try reserve(Order(id: "42", total: 12.5, items: ["bolt"]), telemetry.tracer)
    print(telemetry.tracer.totals)
}
