// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Synchronization
import Wingbeat
import WingbeatTracesHTTP

/// One request from its head to the last byte of its answer: its span, its numbers and its line in the log.
///
/// Ends once: when the answer's body has been written, when the handler throws, or, when neither happens because
/// the answer was thrown away, with its release.
final class RequestObservation: Sendable {
    let span: WingbeatSpan
    private let method: String
    private let path: String
    private let metrics: RequestMetrics
    private let logger: Logger
    private let start = ContinuousClock.now
    private let outcome = Mutex(Outcome())

    private struct Outcome {
        var status: HTTPResponse.Status = .internalServerError
        var route: String?
        var isFinished = false
        var isTorn = false

        /// The server's fault: a status of 500 and above, or an answer that broke off.
        var isFailure: Bool { status.code >= 500 || isTorn }
    }

    init(_ request: Request, tracer: WingbeatTracer, metrics: RequestMetrics, logger: Logger) {
        method = request.method.metricLabel
        path = request.uri.path
        self.metrics = metrics
        self.logger = logger
        var context = ServiceContext.current ?? .topLevel
        tracer.extract(request.headers, into: &context, using: HTTPFieldsExtractor())
        span = tracer.startSpan("\(method) \(path)", context: context, ofKind: .server)
        metrics.began(method: method)
        if span.isRecording { span.attributes = attributes(of: request) }
    }

    deinit {
        finish(error: nil)
    }

    /// Notes how the request was answered; it goes on until ``finish(error:)``.
    ///
    /// - Parameter route: the router's word; where no route matched it is none, or one that is no path.
    func answered(status: HTTPResponse.Status, route: String?) {
        outcome.withLock {
            $0.status = status
            $0.route = route.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
    }

    /// Ends a request whose answer began but could not be written to its end.
    func breakOff(error: any Error) {
        outcome.withLock { $0.isTorn = true }
        finish(error: error)
    }

    func finish(error: (any Error)?) {
        let outcome: Outcome? = outcome.withLock { outcome in
            defer { outcome.isFinished = true }
            return outcome.isFinished ? nil : outcome
        }
        guard let outcome else { return }
        let duration = ContinuousClock.now - start
        let status = Int(outcome.status.code)
        metrics.ended(method: method, route: outcome.route ?? "", status: status, after: duration)
        ServiceContext.withValue(span.context) { log(outcome, duration, error) }
        endSpan(outcome, error)
    }

    private func endSpan(_ outcome: Outcome, _ error: (any Error)?) {
        span.operationName = outcome.route.map { "\(method) \($0)" } ?? method
        span.updateAttributes { attributes in
            attributes["http.route"] = outcome.route
            attributes["http.response.status_code"] = Int(outcome.status.code)
        }
        if let error { span.recordError(error) }
        if outcome.isFailure { span.setStatus(SpanStatus(code: .error)) }
        span.end()
    }

    private func log(_ outcome: Outcome, _ duration: Duration, _ error: (any Error)?) {
        let milliseconds = duration / .milliseconds(1)
        logger.log(
            level: outcome.isFailure ? .error : .info,
            "\(method) \(path)",
            metadata: [
                "status": .stringConvertible(outcome.status.code),
                "duration_ms": .stringConvertible((milliseconds * 1000).rounded() / 1000),
            ].merging(error.map { ["error": .string("\($0)")] } ?? [:]) { $1 }
        )
    }

    private func attributes(of request: Request) -> SpanAttributes {
        var attributes: SpanAttributes = [:]
        attributes["http.request.method"] = method
        if method != request.method.rawValue { attributes["http.request.method_original"] = request.method.rawValue }
        attributes["url.path"] = path
        attributes["url.scheme"] = request.head.scheme ?? "http"
        let (host, port) = hostAndPort(request.head.authority)
        attributes["server.address"] = host
        attributes["server.port"] = port
        attributes["user_agent.original"] = request.headers[.userAgent]
        return attributes
    }
}

/// The parts of a `Host` header: `localhost:8080`, `[::1]:8080` or `localhost`.
private func hostAndPort(_ authority: String?) -> (String?, Int?) {
    guard let authority, let colon = authority.lastIndex(of: ":"), let port = Int(authority[colon...].dropFirst())
    else {
        return (authority, nil)
    }
    return (String(authority[..<colon]), port)
}
