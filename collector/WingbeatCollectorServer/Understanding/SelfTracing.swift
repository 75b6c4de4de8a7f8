// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Synchronization
import WingbeatCollector
import WingbeatModel

/// Records the queries that the collector answers as spans of the service `wingbeat-collector`.
///
/// Only `GET` of the query APIs is recorded, and at most so many a second as was said: never a post of spans, so that
/// spans do not make spans. What the intake cannot take is lost, and counted there.
final class SelfTracing<Context: RequestContext>: RouterMiddleware {
    private struct Second {
        var number: UInt64 = 0
        var traces = 0
    }

    private let intake: SpanIntake
    private let sampler: RateSampler
    private let tracesPerSecond: Int
    private let second = Mutex(Second())
    private let endpoint = NetworkEndpoint(serviceName: "wingbeat-collector")

    init(intake: SpanIntake, options: SelfTracingOptions) {
        self.intake = intake
        sampler = RateSampler(rate: options.sampleRate)
        tracesPerSecond = options.tracesPerSecond
    }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = unixNanoseconds()
        guard isRecorded(request), let span = newSpan(request, start) else { return try await next(request, context) }
        do {
            let response = try await next(request, context)
            record(span, context, status: response.status.code)
            return response
        } catch {
            record(span, context, status: nil)
            throw error
        }
    }

    private func isRecorded(_ request: Request) -> Bool {
        guard request.method == .get, !request.uri.path.hasSuffix("/api/tail") else { return false }
        return request.uri.path.hasPrefix("/api/") || request.uri.path.hasPrefix("/zipkin/api/")
    }

    private func newSpan(_ request: Request, _ start: UInt64) -> SpanRecord? {
        guard let id = TraceID(high: .random(in: .min ... .max), low: .random(in: 1 ... .max)), sampler.keeps(id),
            takesOneMore(start / 1_000_000_000), let spanID = SpanID(.random(in: 1 ... .max))
        else { return nil }
        var span = SpanRecord(traceID: id, id: spanID)
        span.kind = .server
        span.startNanoseconds = start
        span.localEndpoint = endpoint
        span.attributes = [
            Attribute("http.request.method", "GET"), Attribute("url.path", String(request.uri.path.prefix(200))),
        ]
        return span
    }

    private func takesOneMore(_ now: UInt64) -> Bool {
        second.withLock { second in
            if second.number != now { second = Second(number: now) }
            second.traces += 1
            return second.traces <= tracesPerSecond
        }
    }

    private func record(_ span: SpanRecord, _ context: Context, status: Int?) {
        var span = span
        let end = unixNanoseconds()
        span.name = "get \(context.endpointPath ?? "not found")"
        span.durationNanoseconds = max(end, span.startNanoseconds + 1) - span.startNanoseconds
        if let status { span.attributes.append(Attribute("http.response.status_code", .int(Int64(status)))) }
        if (status ?? 500) >= 500 { span.status = .error("") }
        // The answer does not wait for it. There are no more of these tasks than traces a second.
        Task { [intake, span] in try? await intake.accept([span]) }
    }
}

/// Whether and how often the collector records its own work (Zipkin's `SELF_TRACING_…`).
public struct SelfTracingOptions: Sendable {
    /// False when nothing is recorded.
    public var isEnabled = false
    /// The share of queries that are recorded, from 0 to 1.
    public var sampleRate = 1.0
    /// How many queries a second are recorded at most.
    public var tracesPerSecond = 1

    /// The defaults: nothing is recorded.
    public init() {}
}
