// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import UnixSignals
import Wingbeat

// Where spans go is chosen by the environment, or here.
var configuration = TelemetryConfiguration(serviceName: "checkout")
configuration.spanExporters = [.otlp, .console]
configuration.otlp.url = "http://127.0.0.1:4318/v1/traces"
configuration.otlp.headers = [(name: "x-team", value: "shop")]
configuration.otlp.isCompressed = true

// Room for more, and the end of patience with a backend that answers, but only with failures.
configuration.spanDelivery.queueCapacity = 50_000
configuration.spanDelivery.queueByteCapacity = 128 << 20
configuration.spanDelivery.retryLimit = .seconds(60)

// Spans wait on disk while a backend is away.
configuration.spanSpool = SpanSpool(directory: "/tmp/wingbeat-reporters-example", capacity: 1 << 30)

// Errors, slow ones, and a hundredth of the rest.
configuration.tailSampling = .any(.errors, .slow(.milliseconds(500)), .ratio(0.01))

// A reporter of one's own, which gets each span, too.
configuration.spanReporters = [SlowestSpan()]

let telemetry = try Telemetry.configure(configuration)
withSpan("checkout") { span in span.attributes["items"] = 3 }

let services = ServiceGroup(services: [telemetry], gracefulShutdownSignals: [.sigint], logger: telemetry.logger)
try await services.run()
