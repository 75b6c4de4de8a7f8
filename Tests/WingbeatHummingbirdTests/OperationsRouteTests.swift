// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatCompression
import WingbeatHummingbird

@Suite("The routes that router.observe adds")
struct OperationsRouteTests {
    @Test("answer while there is nothing to tell")
    func empty() async throws {
        let service = try ObservedService()
        try await service.test { client in
            try await client.execute(uri: "/healthz", method: .get) {
                #expect($0.status == .ok)
                #expect(String(buffer: $0.body) == "ok\n")
            }
            try await client.execute(uri: "/readyz", method: .get) { #expect($0.status == .ok) }
            try await client.execute(uri: "/metrics", method: .get) {
                #expect($0.status == .ok)
                #expect($0.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            }
        }
    }

    @Test("are not observed themselves")
    func notObserved() async throws {
        let service = try ObservedService()
        try await service.test { client in
            for path in ["/healthz", "/readyz", "/metrics"] {
                try await client.execute(uri: path, method: .get) { #expect($0.status == .ok) }
            }
        }
        #expect(service.spans.spans.isEmpty)
        #expect(service.accessLines.isEmpty)
    }

    @Test("say in /metrics what swift-metrics recorded, compressed where asked")
    func metrics() async throws {
        let service = try ObservedService()
        Counter(label: "orders.placed", dimensions: [], factory: service.telemetry.registry).increment(by: 3)
        try await service.test { client in
            try await client.execute(uri: "/metrics", method: .get, headers: [.acceptEncoding: "gzip"]) {
                #expect($0.headers[.contentEncoding] == "gzip")
                let text = try Gzip.decompress(Array(buffer: $0.body), limit: 1_000_000)
                #expect(String(decoding: text, as: UTF8.self).contains("\norders_placed_total 3\n"))
            }
        }
    }

    @Test("show the variables of Go's expvar where a path is given, and nowhere else")
    func variables() async throws {
        var options = ObservationOptions()
        options.variablesPath = "/debug/vars"
        let service = try ObservedService(options: options)
        Counter(label: "orders.placed", dimensions: [], factory: service.telemetry.registry).increment(by: 3)
        try await service.test { client in
            try await client.execute(uri: "/debug/vars", method: .get) {
                #expect($0.headers[.contentType] == "application/json; charset=utf-8")
                #expect(String(buffer: $0.body).contains("\n\"orders.placed\": 3"))
            }
        }
        try await ObservedService().test { client in
            try await client.execute(uri: "/debug/vars", method: .get) { #expect($0.status == .notFound) }
        }
    }

    @Test("say in /metrics the same as OpenMetrics where that is asked for")
    func openMetrics() async throws {
        let service = try ObservedService()
        Counter(label: "orders.placed", dimensions: [], factory: service.telemetry.registry).increment(by: 3)
        try await service.test { client in
            try await client.execute(uri: "/metrics", method: .get, headers: [.accept: "application/openmetrics-text"])
            {
                #expect($0.headers[.contentType] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
                #expect(String(buffer: $0.body).contains("# TYPE orders_placed counter\norders_placed_total 3\n"))
            }
        }
    }

    @Test("say 503 and why while the service is not ready")
    func notReady() async throws {
        struct Away: Error, CustomStringConvertible {
            let description = "the database is away"
        }
        var options = ObservationOptions()
        options.isReady = { throw Away() }
        let service = try ObservedService(options: options)
        try await service.test { client in
            try await client.execute(uri: "/readyz", method: .get) {
                #expect($0.status == .serviceUnavailable)
                #expect(String(buffer: $0.body) == "not ready: the database is away\n")
            }
            try await client.execute(uri: "/healthz", method: .get) { #expect($0.status == .ok) }
        }
    }

    @Test("can be left out")
    func leftOut() async throws {
        var options = ObservationOptions()
        options.metricsPath = nil
        options.readinessPath = "/ready"
        let service = try ObservedService(options: options)
        try await service.test { client in
            try await client.execute(uri: "/metrics", method: .get) { #expect($0.status == .notFound) }
            try await client.execute(uri: "/ready", method: .get) { #expect($0.status == .ok) }
        }
    }
}
