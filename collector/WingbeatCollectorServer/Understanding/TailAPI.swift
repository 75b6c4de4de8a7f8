// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import WingbeatBytes
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// `GET /api/tail`: what is stored, while it is stored, as server-sent events.
///
/// The parameters of a search choose what is shown, or `q` in the language of searches: those spans of a post that belong
/// to one trace are shown when they meet the criteria. Each is an event `trace` with a summary, or `spans` with the spans as Zipkin's JSON where `spans`
/// is `true`; an event `skipped` says how many spans were not looked at, because they came faster than they were read.
/// It ends when the client goes, which is noticed within some seconds, or the collector stops.
struct TailAPI: Sendable {
    let feed: SpanFeed
    /// How often it is looked for spans.
    var interval: Duration = .milliseconds(200)
    /// After how many intervals without any a comment keeps the connection open.
    var heartbeat = 25

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/api/tail") { request, _ in
            let filter = try TailFilter(QueryParameters(request))
            guard let watch = feed.watch() else {
                throw RequestError(.serviceUnavailable, "too many watch already; try again later")
            }
            let headers: HTTPFields = [
                .contentType: "text/event-stream", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            ]
            return Response(
                status: .ok,
                headers: headers,
                body: ResponseBody { writer in
                    try await show(watch, filter) { try await writer.write(ByteBuffer(bytes: $0)) }
                    try await writer.finish(nil)
                }
            )
        }
    }

    private func show(
        _ watch: SpanFeed.Watch,
        _ filter: TailFilter,
        write: (inout [UInt8]) async throws -> Void
    ) async throws {
        var bytes = Array(": watching\n\n".utf8)
        try await write(&bytes)
        var silence = 0
        while !Task.isShuttingDownGracefully, let (spans, skipped) = watch.take() {
            bytes = filter.events(of: spans)
            if skipped > 0 { bytes.append(text: "event: skipped\ndata: \(skipped)\n\n") }
            silence = bytes.isEmpty ? silence + 1 : 0
            if silence == heartbeat {
                bytes.append(literal: ": nothing new\n\n")
                silence = 0
            }
            if !bytes.isEmpty { try await write(&bytes) }
            try await Task.sleep(for: interval)
        }
    }
}

/// What a watcher wants to see.
struct TailFilter: Sendable {
    private let query: TraceQuery
    private let expression: SearchExpression
    private let showsSpans: Bool

    init(_ parameters: QueryParameters) throws {
        query = try TraceQuery(
            serviceName: parameters["serviceName"],
            remoteServiceName: parameters["remoteServiceName"],
            spanName: parameters["spanName"],
            annotationQuery: parameters["annotationQuery"],
            minDuration: try parameters.integer("minDuration"),
            maxDuration: try parameters.integer("maxDuration"),
            endTs: .max,
            lookback: .max
        )
        expression = try parameters.expression()
        showsSpans = parameters["spans"] == "true"
    }

    /// The events of the traces that are to be seen, in the order in which their first spans came.
    func events(of spans: [SpanRecord]) -> [UInt8] {
        var order: [TraceID] = []
        let traces = Dictionary(grouping: spans, by: \.traceID)
        for span in spans where order.last != span.traceID { order.append(span.traceID) }
        var seen: Set<TraceID> = []
        var bytes: [UInt8] = []
        for id in order where seen.insert(id).inserted {
            guard let fragment = traces[id], isWanted(fragment) else { continue }
            append(fragment, to: &bytes)
        }
        return bytes
    }

    private func isWanted(_ spans: [SpanRecord]) -> Bool {
        let candidates = spans.filter { query.serviceName == nil || $0.serviceName?.lowercased() == query.serviceName }
        return !candidates.isEmpty
            && query.criteria.allSatisfy { criterion in candidates.contains { criterion.isMet(by: $0) } }
            && expression.matches(spans)
    }

    private func append(_ spans: [SpanRecord], to bytes: inout [UInt8]) {
        if showsSpans {
            bytes.append(literal: "event: spans\ndata: ")
            bytes += ZipkinJSONEncoder.encode(spans)
        } else if let summary = TraceSummary(spans) {
            bytes.append(literal: "event: trace\ndata: ")
            bytes.append(json: Self.value(summary))
        }
        bytes.append(literal: "\n\n")
    }

    private static func value(_ summary: TraceSummary) -> AttributeValue {
        let duration = summary.endNanoseconds - min(summary.startNanoseconds, summary.endNanoseconds)
        return .map([
            Attribute("traceId", summary.id.hex), Attribute("service", summary.rootService),
            Attribute("name", summary.rootName),
            Attribute("timestamp", .int(Int64(summary.startNanoseconds / 1000))),
            Attribute("duration", .int(Int64(duration / 1000))),
            Attribute("spanCount", .int(Int64(summary.spanCount))),
            Attribute("errorCount", .int(Int64(summary.errorCount))),
            Attribute("services", .array(summary.services.keys.sorted().map { .string($0) })),
        ])
    }
}
