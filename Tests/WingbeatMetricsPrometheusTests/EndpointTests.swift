// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCompression
import WingbeatMetrics
import WingbeatMetricsPrometheus
import WingbeatModel

@Suite("The answer to a scrape")
struct EndpointTests {
    private let registry = quietRegistry()
    private var endpoint: PrometheusEndpoint { PrometheusEndpoint(registry: registry) }
    private var plainText: [UInt8] { PrometheusTextEncoder().encode(registry.snapshot()) }

    @Test("without Accept-Encoding the text comes plain, with the type that Prometheus asks for")
    func plain() {
        let response = endpoint.respond(accept: nil, acceptEncoding: nil)
        #expect(response.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(response.contentEncoding == nil)
        #expect(response.body == plainText)
        #expect(text(response.body).contains("\nwingbeat_metrics_invalid_values_total 0\n"))
    }

    @Test(
        "gzip is used where it is accepted, and inflates to the plain text",
        arguments: [
            "gzip", "GZIP", "gzip;q=1", "gzip; q=0.5", "deflate, gzip", "gzip,deflate", "br;q=1.0, gzip;q=0.8, *;q=0.1",
            "*", "*;q=0.1", "identity, *", "gzip ; Q=0.001", "*;q=0, gzip", "\tgzip\t",
        ]
    )
    func compressed(header: String) throws {
        for value in 0..<100 { registry.counter("requests", labels: ["n"])["\(value)"].increment() }
        let response = endpoint.respond(accept: nil, acceptEncoding: header)
        #expect(response.contentEncoding == "gzip")
        #expect(response.contentType == "text/plain; version=0.0.4; charset=utf-8")
        let plain = plainText
        #expect(response.body.count < plain.count / 2)
        #expect(try Gzip.decompress(response.body, limit: plain.count) == plain)
    }

    @Test(
        "gzip is not used where it is not accepted, or refused",
        arguments: [
            "", " ", ",", "identity", "deflate", "br, zstd", "gzip;q=0", "gzip; q=0.0", "gzip;q=0.000, deflate",
            "*;q=0", "gzip;q=0, *", "*, gzip;q=0", "gzipped", "x", "identity;q=1, gzip;q=0",
        ]
    )
    func notCompressed(header: String) {
        let response = endpoint.respond(accept: nil, acceptEncoding: header)
        #expect(response.contentEncoding == nil)
        #expect(response.body == plainText)
    }

    @Test("each scrape reads the registry anew")
    func readsAnew() {
        let endpoint = endpoint
        let series = registry.counter("requests")[]
        #expect(text(endpoint.respond(accept: nil, acceptEncoding: nil).body).contains("requests_total 0\n"))
        series.increment()
        #expect(text(endpoint.respond(accept: nil, acceptEncoding: nil).body).contains("requests_total 1\n"))
        #expect(text(endpoint.respond(accept: nil, acceptEncoding: nil).body).contains("requests_total 1\n"))
    }
}
