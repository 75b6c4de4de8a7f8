// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatHummingbird

@Suite("The route of the sampling ratio")
struct SamplingRouteTests {
    private let service: ObservedService
    private let sampler = AdjustableSampler(0.5)

    init() throws {
        var options = ObservationOptions()
        options.samplingPath = "/sampling"
        service = try ObservedService(options: options)
        install(ParentBasedSampler(root: sampler))
    }

    private func install(_ sampler: any Sampler) {
        service.telemetry.tracer.reconfigure(
            WingbeatTracer.Configuration(
                resource: Resource(serviceName: "observed"),
                sampler: sampler,
                reporter: service.spans
            )
        )
    }

    private func put(_ body: String, _ status: HTTPResponse.Status, _ answer: String) async throws {
        try await service.test { client in
            try await client.execute(uri: "/sampling", method: .put, body: ByteBuffer(string: body)) {
                #expect($0.status == status)
                #expect(String(buffer: $0.body) == answer)
            }
        }
    }

    @Test("is not there unless it is asked for")
    func offByDefault() async throws {
        try await ObservedService().test { client in
            for method in [HTTPRequest.Method.get, .put] {
                try await client.execute(uri: "/sampling", method: method, body: ByteBuffer(string: "0")) {
                    #expect($0.status == .notFound)
                }
            }
        }
    }

    @Test(
        "tells the ratio, and changes what is recorded",
        arguments: [("1", "1.0\n", 1), (" 0\r\n", "0.0\n", 0), ("-0", "0.0\n", 0)]
    )
    func change(body: String, answer: String, spans: Int) async throws {
        service.router.get("/work") { _, _ in "done" }
        try await service.test { client in
            try await client.execute(uri: "/sampling", method: .get) { #expect(String(buffer: $0.body) == "0.5\n") }
        }
        try await put(body, .ok, answer)
        try await service.test { client in
            try await client.execute(uri: "/work", method: .get) { #expect($0.status == .ok) }
        }
        #expect(service.spans.spans.map(\.name) == Array(repeating: "GET /work", count: spans))
    }

    @Test(
        "refuses what is no ratio, and changes nothing",
        arguments: ["", "x", "1.1", "-0.1", "nan", "inf", "0 1", "10%"]
    )
    func rubbish(body: String) async throws {
        try await put(body, .badRequest, "The body must be a number from 0 to 1.\n")
        #expect(sampler.ratio == 0.5)
    }

    @Test("refuses long bodies, also those that begin with a ratio")
    func longBody() async throws {
        try await put(
            "0.1" + String(repeating: " ", count: 100_000),
            .badRequest,
            "The body must be a number from 0 to 1.\n"
        )
        #expect(sampler.ratio == 0.5)
    }

    @Test("says when there is no ratio to change")
    func fixed() async throws {
        install(AlwaysSampler())
        try await put("0.1", .notFound, "There is no AdjustableSampler in the tracer's sampler.\n")
    }

    @Test("changes what the environment set, too", arguments: [[:], ["OTEL_TRACES_SAMPLER": "always_on"]])
    func environment(variables: [String: String]) async throws {
        let configuration = TelemetryConfiguration(serviceName: "observed", environment: variables)
        install(configuration.sampler)
        try await put("0.25", .ok, "0.25\n")
        #expect(service.telemetry.tracer.sampler.adjustable?.ratio == 0.25)
    }

    @Test("rules see method and path, and the span is named by the route all the same")
    func rules() async throws {
        let rules = [SamplingRule("GET /quiet/*", kind: .server, NeverSampler())]
        install(ParentBasedSampler(root: RuleSampler(rules, otherwise: AlwaysSampler())))
        for path in ["/quiet/:id", "/loud/:id"] { service.router.get(RouterPath(path)) { _, _ in "done" } }
        try await service.test { client in
            for uri in ["/quiet/1", "/loud/2"] {
                try await client.execute(uri: uri, method: .get) { #expect($0.status == .ok) }
            }
        }
        #expect(service.spans.spans.map(\.name) == ["GET /loud/{id}"])
    }
}
