// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatBytes
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// The API of Jaeger's query service that its page and Grafana use, under `/api`.
///
/// Names of services and operations are listed in lower case, as the store has them, and taken in any case; traces show
/// them as they came. Operations come without the kinds of their spans, and a parameter `spanKind` is passed over.
/// `GET /api/traces/{id}` takes `start` and `end` and does not need them; `raw=true` gives the spans as they were
/// reported, fragments and shared ids included.
struct JaegerAPI: Sendable {
    let store: any SpanStore
    let intake: SpanIntake
    let configuration: CollectorServer.Configuration
    let budget: BodyBudget

    func add(to router: Router<BasicRequestContext>) {
        let group = router.group("api").add(
            middleware: JaegerErrors { status, sentence in
                JaegerEnvelope.encode(nil, problems: [.init(code: status, message: sentence)])
            }
        )
        group.get("services") { request, _ in
            let names = try await store.services()
            return try answer(request, NamesJSON.encode(names), total: names.count)
        }
        group.get("services/{service}/operations") { request, context in
            let text = context.parameters.get("service") ?? ""
            let names = try await store.spanNames(ofService: Substring(text).percentDecoded() ?? text)
            return try answer(request, NamesJSON.encode(names), total: names.count)
        }
        group.get("operations") { request, _ in try await operations(request) }
        group.get("traces") { request, _ in try await search(request) }
        group.get("traces/{id}") { request, context in
            try await trace(try JaegerParameters.traceID(context.parameters.get("id") ?? ""), request)
        }
        group.get("dependencies") { request, _ in try await dependencies(request) }
        group.post("transform") { request, _ in try await transform(request) }
    }

    private func operations(_ request: Request) async throws -> Response {
        guard let service = try QueryParameters(request)["service"] else {
            throw RequestError(.badRequest, "parameter 'service' is required")
        }
        let names = try await store.spanNames(ofService: service)
        return try answer(request, JaegerOperations.encode(names), total: names.count)
    }

    private func search(_ request: Request) async throws -> Response {
        let parameters = JaegerParameters(try QueryParameters(request))
        let ids = try parameters.traceIDs()
        guard ids.isEmpty else { return try await traces(ids, request) }
        let search = try parameters.search(largestLimit: configuration.maximumTraces)
        let result = try await search.run(on: store, within: configuration)
        let problems = result.notice.map { [JaegerEnvelope.Problem(message: $0)] } ?? []
        return try answer(request, JaegerJSONEncoder.encode(traces: result.traces.map(UniqueSpans.of)), problems)
    }

    private func traces(_ ids: [TraceID], _ request: Request) async throws -> Response {
        guard ids.count <= 1000 else { throw RequestError(.badRequest, "more than 1000 trace ids") }
        var traces: [[SpanRecord]] = []
        var problems: [JaegerEnvelope.Problem] = []
        for id in ids {
            let spans = try await store.trace(id)
            if spans.isEmpty {
                problems.append(.init(message: "trace not found", traceID: id))
            } else {
                traces.append(UniqueSpans.of(spans))
            }
        }
        return try answer(request, JaegerJSONEncoder.encode(traces: traces), problems)
    }

    private func trace(_ id: TraceID, _ request: Request) async throws -> Response {
        let parameters = try QueryParameters(request)
        let spans = try await store.trace(id)
        guard !spans.isEmpty else { throw RequestError(.notFound, "trace not found") }
        let trace = parameters["raw"] == "true" ? spans : UniqueSpans.of(spans)
        return try answer(request, JaegerJSONEncoder.encode(traces: [trace]))
    }

    private func dependencies(_ request: Request) async throws -> Response {
        let parameters = try QueryParameters(request)
        let window = try JaegerParameters(parameters).window(lookback: 86_400_000)
        let service = parameters["service"]?.lowercased()
        let links = try await intake.dependencies(in: window).filter {
            service == nil || $0.parent == service || $0.child == service
        }
        return try answer(request, JaegerLinks.encode(links))
    }

    /// OTLP in JSON to Jaeger's JSON; nothing is kept.
    private func transform(_ request: Request) async throws -> Response {
        let batch = try OTLPJSONDecoder.decode(
            try await request.spanBody(within: configuration, share: BodyShare(of: budget))
        )
        var order: [TraceID] = []
        var traces: [TraceID: [SpanRecord]] = [:]
        for span in batch.spans {
            if traces[span.traceID] == nil { order.append(span.traceID) }
            traces[span.traceID, default: []].append(span)
        }
        return try answer(request, JaegerJSONEncoder.encode(traces: order.compactMap { traces[$0] }))
    }

    private func answer(
        _ request: Request,
        _ data: [UInt8],
        total: Int = 0,
        _ problems: [JaegerEnvelope.Problem] = []
    ) throws -> Response {
        let body = JaegerEnvelope.encode(data, total: total, problems: problems)
        return try Response(json: body, for: request)
    }
}

/// The names of spans as Jaeger lists them.
enum JaegerOperations {
    static func encode(_ names: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(jsonArray: names) { bytes, name in
            bytes.append(literal: "{\"name\":")
            bytes.append(jsonString: name)
            bytes.append(literal: ",\"spanKind\":\"\"}")
        }
        return bytes
    }
}

/// Dependency links as Jaeger writes them, which knows no errors.
enum JaegerLinks {
    static func encode(_ links: [DependencyLink]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(jsonArray: links) { bytes, link in
            bytes.append(literal: "{\"parent\":")
            bytes.append(jsonString: link.parent)
            bytes.append(literal: ",\"child\":")
            bytes.append(jsonString: link.child)
            bytes.append(literal: ",\"callCount\":")
            bytes.append(decimal: link.callCount)
            bytes.append(UInt8(ascii: "}"))
        }
        return bytes
    }
}

extension Response {
    /// JSON, over several lines where the request says `prettyPrint`.
    init(json: [UInt8], for request: Request) throws(RequestError) {
        let wanted = try QueryParameters(request)["prettyPrint"]
        let isPretty = wanted.map { $0 != "false" } ?? false
        self.init(status: .ok, bytes: isPretty ? PrettyJSON.indent(json) : json, contentType: "application/json")
    }
}
