// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import WingbeatHummingbird

/// A service that records all payments, no health checks, and of the rest what an operator asks for.
func serve() async throws {
    var configuration = TelemetryConfiguration(serviceName: "checkout")
    let health = SamplingRule("GET /health*", NeverSampler())
    let payments = SamplingRule("POST /pay", kind: .server, AlwaysSampler())
    let searches = SamplingRule("* /search/*", RateLimitingSampler(perSecond: 10))
    let rules = RuleSampler([health, payments, searches], otherwise: AdjustableSampler(0.1))
    configuration.sampler = ParentBasedSampler(root: rules)
    let telemetry = try Telemetry.configure(configuration)

    var options = ObservationOptions()
    options.samplingPath = "/sampling"
    let router = Router()
    router.observe(telemetry, options: options)
    router.post("/pay") { _, _ in "paid\n" }

    var application = Application(router: router, logger: telemetry.logger)
    application.addServices(telemetry)
    try await application.runService()
}

/// Chooses the same traces as services that use Zipkin's rule.
func chooseLikeZipkin(_ configuration: inout TelemetryConfiguration) {
    configuration.sampler = ParentBasedSampler(root: RatioSampler(0.1, rule: .zipkin))
}

/// Takes the word of callers that are not ours only when they do not record.
func distrustCallers(_ configuration: inout TelemetryConfiguration) {
    let ours = RatioSampler(0.01)
    configuration.sampler = ParentBasedSampler(root: ours, remoteSampled: ours)
}

/// A sampler of your own.
struct NameSampler: Sampler {
    let names: Set<String>

    func isSampled(_ request: SamplingRequest) -> Bool { names.contains(request.name) }
}
