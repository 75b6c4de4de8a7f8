// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HTTPTypes
import Hummingbird
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// Zipkin's query API, version 2, under a prefix.
struct ZipkinQueryAPI: Sendable {
    let store: any SpanStore
    let intake: SpanIntake
    let configuration: CollectorServer.Configuration

    func add<Context: RequestContext>(to group: RouterGroup<Context>) {
        guard configuration.queryEnabled else { return }
        addNames(to: group)
        group.get("traces") { request, _ in
            let parameters = try QueryParameters(request)
            let query = try traceQuery(parameters)
            let asked = try parameters.integer("limit") ?? 0
            return try await answer {
                AnswerOfTraces(try await store.traces(matching: query), asked: asked, configuration).response
            }
        }
        group.get("trace/{traceId}") { request, context in
            let id = context.parameters.get("traceId") ?? ""
            let adjusts = try QueryParameters(request)["adjust"] == "true"
            return try await trace(Substring(id).percentDecoded() ?? id, adjusts: adjusts)
        }
        group.get("traceMany") { request, _ in
            let ids = try Self.traceIDs(QueryParameters(request)["traceIds"])
            return try await answer { AnswerOfTraces(try await store.traces(ids), configuration).response }
        }
        group.get("dependencies") { request, _ in try await dependencies(QueryParameters(request)) }
    }

    private func addNames<Context: RequestContext>(to group: RouterGroup<Context>) {
        group.get("services") { _, _ in
            try await answer {
                let names = try await store.services()
                return json(names: names, isCached: names.count > 3)
            }
        }
        group.get("spans") { request, _ in
            let service = try QueryParameters(request).required("serviceName")
            return try await answer { try await names(of: try await store.spanNames(ofService: service)) }
        }
        group.get("remoteServices") { request, _ in
            let service = try QueryParameters(request).required("serviceName")
            return try await answer { try await names(of: try await store.remoteServices(ofService: service)) }
        }
        group.get("autocompleteKeys") { _, _ in
            json(names: configuration.searchEnabled ? configuration.autocompleteKeys.sorted() : [], isCached: true)
        }
        group.get("autocompleteValues") { request, _ in
            let key = try QueryParameters(request).required("key")
            return try await answer {
                let values = try await store.tagValues(forKey: key)
                return json(names: values, isCached: values.count > 3)
            }
        }
    }

    private func trace(_ text: String, adjusts: Bool) async throws -> Response {
        let id = try ZipkinTraceID.parse(text)
        return try await answer {
            let spans = try await store.trace(id)
            guard !spans.isEmpty else { throw RequestError(.notFound, "\(id) not found") }
            return AnswerOfTraces.response(adjusts ? SkewAdjustment.adjust(spans) : spans, configuration)
        }
    }

    /// The ids of `traceMany`: at least two, each once, separated by commas.
    private static func traceIDs(_ text: String?) throws(RequestError) -> [TraceID] {
        guard let text else { throw RequestError(.badRequest, "traceIds parameter is empty") }
        let parts = text.split(separator: ",", maxSplits: 1000, omittingEmptySubsequences: false)
        guard parts.count <= 1000 else { throw RequestError(.badRequest, "more than 1000 traceIds") }
        var ids: [TraceID] = []
        var seen: Set<TraceID> = []
        for part in parts {
            let id = try ZipkinTraceID.parse(String(part))
            guard seen.insert(id).inserted else { throw RequestError(.badRequest, "redundant traceId: \(id)") }
            ids.append(id)
        }
        guard ids.count > 1 else {
            throw RequestError(.badRequest, "Use /api/v2/trace/{traceId} endpoint to retrieve a single trace")
        }
        return ids
    }

    private func dependencies(_ parameters: QueryParameters) async throws -> Response {
        guard let endTs = try parameters.integer("endTs") else { throw RequestError(.badRequest, "endTs is required") }
        let lookback = try parameters.integer("lookback") ?? configuration.defaultLookback
        let window = try TraceQuery.window(endTs: endTs, lookback: lookback)
        return try await answer { .json(DependencyLinksJSON.encode(try await intake.dependencies(in: window))) }
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

    /// Within the time that a query may take.
    private func answer(_ body: @Sendable @escaping () async throws -> Response) async throws -> Response {
        try await withDeadline(configuration.queryTimeout, body)
    }

    /// Names that browsers may keep, where there are more than a few services: to a newcomer, what was sent is there.
    private func names(of list: [String]) async throws -> Response {
        json(names: list, isCached: try await store.services().count > 3)
    }

    private func json(names: [String], isCached: Bool) -> Response {
        var response = Response.json(NamesJSON.encode(names))
        if isCached { response.headers[.cacheControl] = "max-age=\(configuration.namesMaxAge), must-revalidate" }
        return response
    }

    /// Milliseconds since 1970, rounded up, so that a span of this very millisecond is found.
    private func now() -> Int64 {
        Int64(Date().timeIntervalSince1970 * 1000) + 1
    }
}

extension Response {
    static func json(_ bytes: [UInt8]) -> Response {
        Response(status: .ok, bytes: bytes, contentType: "application/json")
    }
}
