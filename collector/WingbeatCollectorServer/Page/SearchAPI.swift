// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import WingbeatCollector
import WingbeatModel

/// `GET /api/search`: traces that a search finds, a line of JSON each, while they are found.
///
/// docs/guides/collector-api.md says what the lines are.
struct SearchAPI: Sendable {
    /// How many traces may be asked for.
    static let maximumTraces: Int64 = 1000

    let store: any SpanStore
    let configuration: CollectorServer.Configuration

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/search") { request, _ in
            let parameters = try QueryParameters(request)
            let wanted = try wanted(parameters)
            let order = try order(parameters)
            let limit = try limit(parameters)
            let headers: HTTPFields = [
                .contentType: "application/x-ndjson", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            ]
            let body = ResponseBody { writer in
                let results = SearchResults(order: order, limit: limit)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await search(wanted, results) }
                    for await line in results.lines { try await writer.write(ByteBuffer(bytes: line)) }
                    // Where the client has left, the search ends, too.
                    group.cancelAll()
                }
                try await writer.finish(nil)
            }
            return Response(status: .ok, headers: headers, body: body)
        }
        SearchCompletionAPI(store: store, configuration: configuration).add(to: router)
    }

    private func search(_ request: SearchRequest, _ results: SearchResults) async {
        do {
            if let id = request.expression.traceID { return results.end(try await lookUp(id, request, results)) }
            results.end(try await store.search(request) { results.take($0) })
        } catch {
            results.end(SearchEnd(reason: ErrorAnswer(to: error, path: "/api/search").sentence))
        }
    }

    /// A trace by its id, whenever it began.
    private func lookUp(_ id: TraceID, _ request: SearchRequest, _ results: SearchResults) async throws -> SearchEnd {
        let spans = try await store.trace(id)
        if request.expression.matches(spans), let trace = FoundTrace(spans) { _ = results.take(.found(trace)) }
        return SearchEnd(searched: spans.count)
    }

    private func wanted(_ parameters: QueryParameters) throws -> SearchRequest {
        let expression = try parameters.expression()
        let lookback = try parameters.integer("lookback") ?? configuration.page.defaultLookback
        var window: ClosedRange<Int64>
        if let end = try parameters.integer("endTs") {
            window = try TraceQuery.window(endTs: end, lookback: lookback)
        } else {
            let now = Int64(Date().timeIntervalSince1970 * 1000)
            window = try TraceQuery.window(endTs: now, lookback: lookback)
            // Until now, and a little beyond it: some clocks are ahead.
            window = window.lowerBound...(window.upperBound + 10_000_000)
        }
        var request = SearchRequest(expression, in: window)
        request.timeLimit = configuration.queryTimeout
        return request
    }

    private func order(_ parameters: QueryParameters) throws(RequestError) -> SearchResults.Order {
        guard let text = parameters["sort"] else { return .newest }
        guard let order = SearchResults.Order(rawValue: text) else {
            throw RequestError(.badRequest, "sort=\(text.prefix(40)) is none of newest, longest, spans and errors")
        }
        return order
    }

    private func limit(_ parameters: QueryParameters) throws(RequestError) -> Int {
        let limit = try parameters.integer("limit") ?? 20
        guard (1...Self.maximumTraces).contains(limit) else {
            throw RequestError(.badRequest, "limit=\(limit) is not between 1 and \(Self.maximumTraces)")
        }
        return Int(limit)
    }
}
