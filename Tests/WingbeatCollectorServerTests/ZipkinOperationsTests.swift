// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatCompression

@Suite("What operators ask of Zipkin's server", .serialized)
struct ZipkinOperationsTests {
    @Test("/metrics are Zipkin's fourteen numbers for who asks for JSON, and Prometheus' text for others")
    func metricsJSON() async throws {
        let subject = MemoryServer()
        #expect(try await subject.post(postOfTwo).status == .accepted)
        #expect(try await subject.post("nonsense").status == .badRequest)
        let response = try await subject.get("/metrics", headers: [.accept: "application/json"])
        #expect(response.headers[.contentType] == "application/json")
        let values = [
            ("counter.zipkin_collector.bytes", postOfTwo.utf8.count + 8), ("counter.zipkin_collector.messages", 2),
            ("counter.zipkin_collector.messages_dropped", 1), ("counter.zipkin_collector.spans", 2),
            ("counter.zipkin_collector.spans_dropped", 0),
        ]
        for (name, value) in values {
            #expect(response.text.contains(#""\#(name).http":\#(value),"#), "\(name)")
            #expect(response.text.contains(#""\#(name).grpc":0,"#), "\(name)")
        }
        let keys = response.text.split(separator: ",").map { $0.prefix { $0 != ":" }.filter { !#"{"}"#.contains($0) } }
        let names = [
            "counter.zipkin_collector.bytes", "counter.zipkin_collector.messages",
            "counter.zipkin_collector.messages_dropped", "counter.zipkin_collector.spans",
            "counter.zipkin_collector.spans_dropped", "gauge.zipkin_collector.message_bytes",
            "gauge.zipkin_collector.message_spans",
        ]
        #expect(keys == names.flatMap { ["\($0).grpc", "\($0).http"] })
        for accept in ["text/plain", "*/*", "application/openmetrics-text,application/json;q=0.1", ""] {
            let text = try await subject.get("/metrics", headers: [.accept: accept]).text
            #expect(text.contains("\nzipkin_collector_messages_total{transport=\"http\"} 2\n"), "\(accept)")
        }
    }

    @Test("the version is JSON", arguments: ["/info", "/actuator/info"])
    func info(path: String) async throws {
        let response = try await MemoryServer {
            $0.version = "1.2.3"
            $0.commit = "abc"
        }.get(path)
        #expect(response.text == #"{"zipkin":{"version":"1.2.3","commit":"abc"}}"#)
        #expect(response.headers[.contentType] == "application/json; charset=utf-8")
    }

    @Test("requests are measured by template, without Zipkin's prefix, probes and the page left out")
    func requestDurations() async throws {
        let subject = MemoryServer()
        _ = try await subject.post(postOfTwo, to: "/zipkin/api/v2/spans")
        for path in [
            "/api/v2/trace/a", "/zipkin/api/v2/trace/abcdef", "/api/v2/services", "/nowhere/abcdef", "/health",
            "/metrics", "/info", "/", "/ui/app.js", "/zipkin/", "/zipkin/config.json", "/actuator/health",
        ] {
            _ = try await subject.get(path)
        }
        _ = try await subject.send(.init("ABCDEF") ?? .get, "/api/v2/services")
        let lines = try await subject.get("/actuator/prometheus").text.split(separator: "\n")
        let counts = lines.filter { $0.hasPrefix("http_server_requests_seconds_count") }.map(String.init).sorted()
        #expect(
            counts == [
                #"http_server_requests_seconds_count{method="GET",status="200",uri="/api/v2/services"} 1"#,
                #"http_server_requests_seconds_count{method="GET",status="200",uri="/api/v2/trace/{traceId}"} 1"#,
                #"http_server_requests_seconds_count{method="GET",status="404",uri="/api/v2/trace/{traceId}"} 1"#,
                #"http_server_requests_seconds_count{method="GET",status="404",uri="NOT_FOUND"} 1"#,
                #"http_server_requests_seconds_count{method="POST",status="202",uri="/api/v2/spans"} 1"#,
                #"http_server_requests_seconds_count{method="_OTHER",status="404",uri="NOT_FOUND"} 1"#,
            ]
        )
        #expect(!lines.contains { $0.contains("abcdef") })
    }

    @Test("TRACE is refused everywhere", arguments: ["/", "/api/v2/services", "/api/v2/spans", "/nowhere", "/health"])
    func traceMethod(path: String) async throws {
        let response = try await MemoryServer().send(.trace, path)
        #expect(response.status == .methodNotAllowed)
        #expect(response.text == "TRACE is not allowed")
    }

    @Test("without its collector the server takes no spans of Zipkin's, and still answers queries")
    func collectorDisabled() async throws {
        let subject = MemoryServer { $0.collectorHTTPEnabled = false }
        for path in ["/api/v1/spans", "/api/v2/spans", "/zipkin/api/v2/spans"] {
            #expect(try await subject.post("[]", to: path).status == .notFound, "\(path)")
        }
        #expect(try await subject.get("/api/v2/spans?serviceName=a").text == "[]")
    }

    @Test("without queries every one of their routes is unknown, and spans are taken")
    func queryDisabled() async throws {
        let subject = MemoryServer { $0.queryEnabled = false }
        for path in [
            "services", "spans?serviceName=a", "remoteServices?serviceName=a", "traces", "trace/1",
            "traceMany?traceIds=1,2", "dependencies?endTs=1", "autocompleteKeys", "autocompleteValues?key=a",
        ] {
            #expect(try await subject.get("/api/v2/\(path)").status == .notFound, "\(path)")
            #expect(try await subject.get("/zipkin/api/v2/\(path)").status == .notFound, "\(path)")
        }
        #expect(try await subject.post(postOfTwo).status == .accepted)
        #expect(try await subject.get("/health").status == .ok)
    }

    @Test("long answers are compressed for who accepts it, short ones and others are not")
    func compression() async throws {
        let subject = MemoryServer()
        let name = String(repeating: "x", count: 3000)
        _ = try await subject.post(#"[{"traceId":"1","id":"1","localEndpoint":{"serviceName":"\#(name)"}}]"#)
        let long = try await subject.get("/api/v2/services", headers: [.acceptEncoding: "br, gzip"])
        #expect(long.headers[.contentEncoding] == "gzip")
        #expect(long.headers[.vary] == "accept-encoding")
        #expect(try Gzip.decompress(Array(long.body.readableBytesView), limit: 9999) == Array("[\"\(name)\"]".utf8))
        for accepted in ["", "br", "gzip;q=0", "identity"] {
            let plain = try await subject.get("/api/v2/services", headers: [.acceptEncoding: accepted])
            #expect(plain.headers[.contentEncoding] == nil, "\(accepted)")
            #expect(plain.text == "[\"\(name)\"]")
        }
        let short = try await subject.get("/api/v2/spans?serviceName=a", headers: [.acceptEncoding: "gzip"])
        #expect(short.headers[.contentEncoding] == nil)
        let script = try await subject.get("/ui/app.js", headers: [.acceptEncoding: "gzip"])
        let style = try await subject.get("/ui/style.css", headers: [.acceptEncoding: "gzip"])
        #expect(style.headers[.contentEncoding] == "gzip")
        #expect(script.headers[.eTag] != nil)
    }

    @Test("links into Zipkin's page lead to the same place of ours, relative to where the browser is")
    func redirects() async throws {
        let subject = MemoryServer()
        let headers: HTTPFields = [
            .init("X-Forwarded-Proto") ?? .accept: "https", .init("X-Forwarded-Host") ?? .accept: "x",
        ]
        for (path, location) in [
            ("/zipkin", "./"), ("/zipkin/", "../"), ("/zipkin/dependency", "../#/dependencies"),
            ("/zipkin/traces/1f", "../../#/trace/000000000000001f"),
        ] {
            let response = try await subject.get(path, headers: headers)
            #expect(response.status == .found, "\(path)")
            #expect(response.headers[.location] == location, "\(path)")
        }
        #expect(try await subject.get("/zipkin/traces/x%22").status == .badRequest)
        let pageless = MemoryServer { $0.uiEnabled = false }
        for path in ["/", "/zipkin", "/ui/app.js"] { #expect(try await pageless.get(path).status == .notFound) }
    }
}
