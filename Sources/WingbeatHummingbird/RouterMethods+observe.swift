// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird
import NIOCore
public import Wingbeat
import WingbeatMetricsExpvar
import WingbeatMetricsPrometheus

/// What `router.observe` adds, and where.
public struct ObservationOptions: Sendable {
    /// The path of Prometheus' scrape; nil for none.
    public var metricsPath: String? = "/metrics"
    /// The path of the variables as Go's `expvar` shows them, such as `/debug/vars`; nil for none. They have the command
    /// line in them, which is not everybody's business.
    public var variablesPath: String?
    /// The path of the log's level, such as `/loglevel`; nil for none. GET tells it, PUT changes it: `curl -X PUT -d debug`.
    /// Whoever reaches it can fill the log, or silence it.
    public var logLevelPath: String?
    /// The path of the share of traces that are recorded, such as `/sampling`; nil for none. GET tells it, PUT changes it:
    /// `curl -X PUT -d 0.1`. It is that of the ``AdjustableSampler`` in the tracer's sampler; without one it answers 404.
    /// Whoever reaches it can fill the collector, or keep it empty.
    public var samplingPath: String?
    /// The path that answers 200 while the process lives; nil for none.
    public var livenessPath: String? = "/healthz"
    /// The path that answers 200 when ``isReady`` returns and 503 with its error's text when it throws; nil for none.
    public var readinessPath: String? = "/readyz"
    /// Throws while the service cannot do its work, for example because its database is away.
    public var isReady: @Sendable () async throws -> Void = {}

    /// The defaults.
    public init() {}

    var ownPaths: Set<String> {
        Set([metricsPath, variablesPath, logLevelPath, samplingPath, livenessPath, readinessPath].compactMap(\.self))
    }
}

extension RouterMethods {
    /// Observes every request, and adds `/metrics`, `/healthz` and `/readyz`, which are not observed themselves.
    ///
    /// Each request has a server span named by method and route template, below the caller's span; it is counted
    /// (`http_server_requests_total`), measured (`http_server_request_duration_seconds`, also when the handler throws)
    /// and counted while it is under way (`http_server_active_requests`); and it leaves one line in the log, with its
    /// status and duration. A streamed body belongs to the request: spans and logs made while it is written are in
    /// the same trace, and the request ends with its last byte.
    ///
    /// Call it on the router itself, before other middleware is added, so that it sees what they answer. A service with
    /// a `/metrics` of its own moves or leaves out this one (``ObservationOptions``): Hummingbird ends a process that
    /// gives one path two handlers.
    @discardableResult
    public func observe(_ telemetry: Telemetry, options: ObservationOptions = ObservationOptions()) -> Self {
        let router = add(middleware: ObservingMiddleware<Context>(telemetry, ignoring: options.ownPaths))
        if let path = options.metricsPath { router.addMetrics(PrometheusEndpoint(registry: telemetry.registry), path) }
        if let path = options.variablesPath { router.addVariables(ExpvarEndpoint(registry: telemetry.registry), path) }
        if let path = options.logLevelPath { router.addLogLevel(telemetry.logPipeline, path) }
        if let path = options.samplingPath { router.addSampling(telemetry.tracer, path) }
        if let path = options.livenessPath { router.get(RouterPath(path)) { _, _ in "ok\n" } }
        if let path = options.readinessPath { router.addReadiness(options.isReady, path) }
        return router
    }

    private func addMetrics(_ endpoint: PrometheusEndpoint, _ path: String) {
        get(RouterPath(path)) { request, _ in
            let answer = endpoint.respond(
                accept: request.headers[.accept],
                acceptEncoding: request.headers[.acceptEncoding]
            )
            var response = Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
            response.headers[.contentType] = answer.contentType
            if let encoding = answer.contentEncoding { response.headers[.contentEncoding] = encoding }
            return response
        }
    }

    private func addVariables(_ endpoint: ExpvarEndpoint, _ path: String) {
        get(RouterPath(path)) { _, _ in
            let answer = endpoint.respond()
            var response = Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
            response.headers[.contentType] = answer.contentType
            return response
        }
    }

    private func addReadiness(_ isReady: @escaping @Sendable () async throws -> Void, _ path: String) {
        get(RouterPath(path)) { _, _ in
            do {
                try await isReady()
                return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "ready\n")))
            } catch {
                let body = ResponseBody(byteBuffer: ByteBuffer(string: "not ready: \(error)\n"))
                return Response(status: .serviceUnavailable, body: body)
            }
        }
    }
}
