// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatBytes
import WingbeatCollector
import WingbeatMetrics
import WingbeatMetricsPrometheus
import WingbeatModel

/// What operators and probes ask of Zipkin's server: health, version, metrics, settings of its page.
struct ZipkinOperations: Sendable {
    let store: any SpanStore
    let registry: MetricRegistry
    let configuration: CollectorServer.Configuration

    func add(to router: Router<BasicRequestContext>) {
        for path in ["health", "actuator/health"] { router.get(RouterPath(path)) { _, _ in await health() } }
        for path in ["info", "actuator/info"] { router.get(RouterPath(path)) { _, _ in info() } }
        for path in ["prometheus", "actuator/prometheus"] {
            router.get(RouterPath(path)) { request, _ in prometheus(request) }
        }
        router.get("metrics") { request, _ in
            prefersJSON(request.headers[.accept]) ? metricsJSON() : prometheus(request)
        }
        // The second one is there where the base path is in the place of /zipkin.
        for path in ["zipkin/config.json", "config.json"] { router.get(RouterPath(path)) { _, _ in pageSettings() } }
    }

    private func pageSettings() -> Response {
        let json = configuration.page.json(searchEnabled: configuration.searchEnabled)
        var response = Response(status: .ok, bytes: json, contentType: "application/json")
        response.headers[.cacheControl] = "max-age=600"
        return response
    }

    /// The truth: what the store says when it is asked to read.
    private func health() async -> Response {
        var problem: String?
        do { try await store.check() } catch { problem = "\(error)" }
        let status = ZipkinJSON.text(problem == nil ? "UP" : "DOWN")
        let details: [(String, ZipkinJSON)] = problem.map { [("details", .object([("error", .text($0))]))] } ?? []
        let component = ZipkinJSON.object([("status", status)] + details)
        let body = ZipkinJSON.object([
            ("status", status),
            ("zipkin", .object([("status", status), ("details", .object([("\(type(of: store)){}", component)]))])),
        ])
        let code: HTTPResponse.Status = problem == nil ? .ok : .serviceUnavailable
        return Response(status: code, bytes: body.pretty, contentType: "application/json; charset=utf-8")
    }

    private func info() -> Response {
        var bytes = Array(#"{"zipkin":{"version":"#.utf8)
        bytes.append(jsonString: configuration.version)
        bytes += #","commit":"#.utf8
        bytes.append(jsonString: configuration.commit)
        bytes += "}}".utf8
        return Response(status: .ok, bytes: bytes, contentType: "application/json; charset=utf-8")
    }

    private func prometheus(_ request: Request) -> Response {
        let answer = PrometheusEndpoint(registry: registry)
            .respond(accept: request.headers[.accept], acceptEncoding: request.headers[.acceptEncoding])
        var response = Response(status: .ok, bytes: answer.body, contentType: answer.contentType)
        if let encoding = answer.contentEncoding { response.headers[.contentEncoding] = encoding }
        return response
    }

    /// True when JSON is named and no format of Prometheus is.
    private func prefersJSON(_ accept: String?) -> Bool {
        guard let accept = accept?.lowercased(), accept.contains("application/json") else { return false }
        return !["text/plain", "openmetrics-text", "vnd.google.protobuf"].contains { accept.contains($0) }
    }

    /// Zipkin's fourteen numbers in one flat object.
    private func metricsJSON() -> Response {
        let snapshot = registry.snapshot()
        let counters = ["bytes", "messages", "messages_dropped", "spans", "spans_dropped"].map { ("counter", $0) }
        let gauges = ["message_bytes", "message_spans"].map { ("gauge", $0) }
        var bytes = Array("{".utf8)
        for (kind, name) in counters + gauges {
            for transport in ["grpc", "http"] {
                if bytes.count > 1 { bytes += ",".utf8 }
                bytes.append(jsonString: "\(kind).zipkin_collector.\(name).\(transport)")
                bytes += ":\(snapshot.number("zipkin.collector.\(name)", transport))".utf8
            }
        }
        bytes += "}".utf8
        return Response(status: .ok, bytes: bytes, contentType: "application/json")
    }
}

extension MetricSnapshot {
    /// A whole number of a transport; zero when there is none.
    fileprivate func number(_ name: String, _ transport: String) -> Int64 {
        switch self[name, ["transport": transport]] {
        case .counter(let value), .gauge(let value): Int64(exactly: value.rounded()) ?? 0
        default: 0
        }
    }
}
