// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatBytes
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// What the page asks of one trace: its outline, one span with all that is known of it, and the spans that a text finds.
struct TraceAPI: Sendable {
    let store: any SpanStore
    let configuration: CollectorServer.Configuration

    func add(to router: Router<BasicRequestContext>) {
        let group = router.group("api/trace/{traceId}")
        group.get("/") { request, context in
            let adjusts = try QueryParameters(request)["adjust"] == "true"
            let most = configuration.maximumAnswerSpans
            return try await answer(context) { id, spans in
                .json(TraceOutline(id, spans, adjusts: adjusts, most: most).json)
            }
        }
        group.get("spans/{spanId}") { _, context in
            let id = try Self.spanID(context.parameters.get("spanId") ?? "")
            return try await answer(context) { trace, spans in
                let fragments = spans.filter { $0.id == id }
                guard !fragments.isEmpty else { throw RequestError(.notFound, "\(trace) has no span \(id)") }
                return .json(OTLPJSONEncoder.encode(fragments))
            }
        }
        group.get("find") { request, context in
            let expression = try QueryParameters(request).expression()
            return try await answer(context) { _, spans in
                .json(Self.found(expression.spans(in: SpanMerger.merge(spans))))
            }
        }
    }

    /// `{"spans":["…"]}`: ids, each once.
    private static func found(_ spans: [SpanRecord]) -> [UInt8] {
        var seen: Set<SpanID> = []
        var bytes = Array(#"{"spans":"#.utf8)
        bytes.append(jsonArray: spans.lazy.map(\.id).filter { seen.insert($0).inserted }) { $0.append($1) }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Within the time that a query may take.
    private func answer(
        _ context: BasicRequestContext,
        _ body: @Sendable @escaping (TraceID, [SpanRecord]) throws -> Response
    ) async throws -> Response {
        let id = try ZipkinTraceID.parse(context.parameters.get("traceId") ?? "")
        return try await withDeadline(configuration.queryTimeout) {
            let spans = try await store.trace(id)
            guard !spans.isEmpty else { throw RequestError(.notFound, "\(id) not found") }
            return try body(id, spans)
        }
    }

    private static func spanID(_ text: String) throws(RequestError) -> SpanID {
        guard let id = SpanID(hex: text) else {
            throw RequestError(.badRequest, "\(text.prefix(40)) is not 1 to 16 hexadecimal digits")
        }
        return id
    }
}
