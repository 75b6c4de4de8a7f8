// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatMetrics

/// Measures requests as Zipkin's server does: `http_server_requests_seconds` by method, route and status.
///
/// A route is a template such as `/api/v2/trace/{traceId}`, without Zipkin's prefix, so that no id gets into a label.
/// Probes, scrapes and the page are not measured.
struct RequestMeter<Context: RequestContext>: RouterMiddleware {
    private let durations: HistogramFamily

    init(_ registry: MetricRegistry) {
        durations = registry.histogram(
            "http.server.requests",
            help: "Time from a request's head to that of its answer.",
            unit: "seconds",
            labels: ["method", "uri", "status"]
        )
    }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        guard let route = Self.route(context.endpointPath) else { return response }
        let status = String(response.status.code)
        durations[Self.label(request.method), route, status].observe(ContinuousClock.now - start)
        return response
    }

    /// Nil for what is not measured.
    private static func route(_ template: String?) -> String? {
        guard let template, template != "NotFound" else { return "NOT_FOUND" }
        let path = template.hasPrefix("/zipkin/api/") ? String(template.dropFirst("/zipkin".count)) : template
        let ignored = ["/health", "/info", "/metrics", "/prometheus", "/actuator", "/ui", "/zipkin"]
        let isIgnored = path == "/" || ignored.contains { path == $0 || path.hasPrefix($0 + "/") }
        return isIgnored ? nil : path
    }

    /// One of the well-known methods or `_OTHER`, so that a client cannot make up series.
    private static func label(_ method: HTTPRequest.Method) -> String {
        switch method {
        case .get, .head, .post, .put, .delete, .connect, .options, .trace, .patch: method.rawValue
        default: "_OTHER"
        }
    }
}

/// Refuses TRACE, with which scripts could read headers that they may not see.
struct TraceRefusal<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method != .trace else { throw RequestError(.methodNotAllowed, "TRACE is not allowed") }
        return try await next(request, context)
    }
}
