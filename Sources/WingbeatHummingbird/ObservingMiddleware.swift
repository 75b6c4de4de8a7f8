// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Hummingbird
public import Wingbeat

/// Observes each request that passes: the middleware behind `router.observe`, for routers that are put together by
/// hand.
public struct ObservingMiddleware<Context: RequestContext>: RouterMiddleware {
    private let tracer: WingbeatTracer
    private let metrics: RequestMetrics
    private let ignoredPaths: Set<String>

    /// - Parameters:
    ///   - telemetry: where spans and metrics go.
    ///   - ignoredPaths: paths whose requests are not observed.
    public init(_ telemetry: Telemetry, ignoring ignoredPaths: Set<String> = []) {
        tracer = telemetry.tracer
        metrics = RequestMetrics(telemetry.registry)
        self.ignoredPaths = ignoredPaths
    }

    /// Runs the rest of the chain inside the request's span.
    public func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard !ignoredPaths.contains(request.uri.path) else { return try await next(request, context) }
        let observation = RequestObservation(request, tracer: tracer, metrics: metrics, logger: context.logger)
        do {
            let response = try await ServiceContext.withValue(observation.span.context) {
                try await next(request, context)
            }
            observation.answered(status: response.status, route: context.endpointPath)
            return observed(response, observation, logger: context.logger)
        } catch {
            let status = (error as? any HTTPResponseError)?.status ?? .internalServerError
            observation.answered(status: status, route: context.endpointPath)
            observation.finish(error: error)
            throw error
        }
    }

    /// The response whose body, when it is written, is written inside the request's scopes and ends the request.
    private func observed(_ response: Response, _ observation: RequestObservation, logger: Logger) -> Response {
        var response = response
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            // Sendable: the scopes below run the body in this very task, one after the other.
            nonisolated(unsafe) let original = writer
            do {
                try await ServiceContext.withValue(observation.span.context) {
                    try await withLogger(logger) { _ in try await body.write(original) }
                }
                observation.finish(error: nil)
            } catch {
                observation.breakOff(error: error)
                throw error
            }
        }
        return response
    }
}
