// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HTTPTypes
import Hummingbird
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// Zipkin's query API, version 2.
struct ZipkinQueryAPI: Sendable {
    let store: any SpanStore
    let intake: SpanIntake
    let configuration: CollectorServer.Configuration

    func add<Context: RequestContext>(to group: RouterGroup<Context>) {
        group.get("services") { _, _ in json(names: try await store.services()) }
        group.get("spans") { request, _ in
            json(names: try await store.spanNames(ofService: try QueryParameters(request).required("serviceName")))
        }
        group.get("remoteServices") { request, _ in
            json(names: try await store.remoteServices(ofService: try QueryParameters(request).required("serviceName")))
        }
        group.get("traces") { request, _ in
            let traces = try await store.traces(matching: try traceQuery(QueryParameters(request)))
            return json(ZipkinJSONEncoder.encode(traces: traces))
        }
        group.get("trace/{id}") { _, context in
            let id = context.parameters.get("id") ?? ""
            return try await trace(Substring(id).percentDecoded() ?? id)
        }
        group.get("dependencies") { request, _ in try await dependencies(QueryParameters(request)) }
    }

    private func trace(_ text: String) async throws -> Response {
        let id = try ZipkinTraceID.parse(text)
        let spans = try await store.trace(id)
        guard !spans.isEmpty else { throw RequestError(.notFound, "\(id) not found") }
        return json(ZipkinJSONEncoder.encode(spans))
    }

    private func dependencies(_ parameters: QueryParameters) async throws -> Response {
        guard let endTs = try parameters.integer("endTs") else { throw RequestError(.badRequest, "endTs is required") }
        let lookback = try parameters.integer("lookback") ?? configuration.defaultLookback
        let window = try TraceQuery.window(endTs: endTs, lookback: lookback)
        return json(DependencyLinksJSON.encode(try await intake.dependencies(in: window)))
    }

    private func traceQuery(_ parameters: QueryParameters) throws -> TraceQuery {
        let limit = try parameters.integer("limit") ?? 10
        return try TraceQuery(
            serviceName: parameters["serviceName"],
            remoteServiceName: parameters["remoteServiceName"],
            spanName: parameters["spanName"],
            annotationQuery: parameters["annotationQuery"],
            minDuration: try parameters.integer("minDuration"),
            maxDuration: try parameters.integer("maxDuration"),
            endTs: try parameters.integer("endTs") ?? now(),
            lookback: try parameters.integer("lookback") ?? configuration.defaultLookback,
            limit: Int(min(limit, Int64(configuration.maximumTraces)))
        )
    }

    private func json(_ bytes: [UInt8]) -> Response {
        Response(status: .ok, bytes: bytes, contentType: "application/json")
    }

    private func json(names: [String]) -> Response {
        json(NamesJSON.encode(names))
    }

    /// Milliseconds since 1970, rounded up, so that a span of this very millisecond is found.
    private func now() -> Int64 {
        Int64(Date().timeIntervalSince1970 * 1000) + 1
    }
}
