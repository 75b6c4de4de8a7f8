// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatBytes
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// Version 3 of Jaeger's API, under `/api/v3`: traces are OTLP.
///
/// Parameters are taken in camel case and in the older snake case. An expression in `query.filter` is refused, since
/// nothing here reads it. ``JaegerAPI`` says what holds of names and kinds.
struct JaegerV3API: Sendable {
    let store: any SpanStore
    let configuration: CollectorServer.Configuration

    func add(to router: Router<BasicRequestContext>) {
        let group = router.group("api/v3").add(middleware: JaegerErrors(write: Self.write))
        group.get("services") { request, _ in
            var bytes = Array(#"{"services":"#.utf8)
            bytes.append(contentsOf: NamesJSON.encode(try await store.services()))
            bytes.append(UInt8(ascii: "}"))
            return try Response(json: bytes, for: request)
        }
        group.get("operations") { request, _ in
            let service = try QueryParameters(request)["service"] ?? ""
            var bytes = Array(#"{"operations":"#.utf8)
            bytes.append(contentsOf: JaegerOperations.encode(try await store.spanNames(ofService: service)))
            bytes.append(UInt8(ascii: "}"))
            return try Response(json: bytes, for: request)
        }
        group.get("traces") { request, _ in
            let result = try await search(request)
            return try openTelemetry(result.traces.flatMap { $0 }, request).truncated(result.notice)
        }
        group.get("traces/{id}") { request, context in
            let id = try JaegerV3Parameters.traceID(context.parameters.get("id") ?? "")
            return try openTelemetry(try await store.trace(id), request)
        }
        group.get("trace-summaries") { request, _ in
            let result = try await search(request)
            let bytes = JaegerSummaries.encode(result.traces.map(UniqueSpans.of))
            return try Response(json: bytes, for: request).truncated(result.notice)
        }
    }

    private func search(_ request: Request) async throws -> JaegerSearch.Result {
        let parameters = JaegerV3Parameters(try QueryParameters(request))
        return try await parameters.search(largestLimit: configuration.maximumTraces)
            .run(on: store, within: configuration)
    }

    private func openTelemetry(_ spans: [SpanRecord], _ request: Request) throws -> Response {
        guard !spans.isEmpty else { throw RequestError(.notFound, "No traces found") }
        var bytes = Array(#"{"result":"#.utf8)
        bytes.append(contentsOf: OTLPJSONEncoder.encode(spans))
        bytes.append(UInt8(ascii: "}"))
        return try Response(json: bytes, for: request)
    }

    @Sendable
    private static func write(status: Int, sentence: String) -> [UInt8] {
        var bytes = Array(#"{"error":{"httpCode":"#.utf8)
        bytes.append(decimal: status)
        bytes.append(literal: ",\"message\":")
        bytes.append(jsonString: sentence)
        bytes.append(literal: "}}")
        return bytes
    }
}

/// What a list of traces says of each: all that Jaeger's page shows in it.
enum JaegerSummaries {
    static func encode(_ traces: [[SpanRecord]]) -> [UInt8] {
        var bytes = Array(#"{"summaries":"#.utf8)
        bytes.append(jsonArray: traces.compactMap(Summary.init)) { $0.append($1) }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    fileprivate struct Summary {
        let all: TraceSummary
        /// Spans whose parent is not there.
        let orphans: Int
        let services: [(name: String, spans: Int, errors: Int)]

        init?(_ spans: [SpanRecord]) {
            guard let all = TraceSummary(spans) else { return nil }
            let ids = Set(spans.map(\.id))
            var errors: [String: Int] = [:]
            for span in spans where span.isError { errors[span.serviceName ?? "", default: 0] += 1 }
            self.all = all
            orphans = spans.count { span in span.parentID.map { !ids.contains($0) } ?? false }
            services = all.services.keys.sorted().map { ($0, all.services[$0] ?? 0, errors[$0] ?? 0) }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ trace: JaegerSummaries.Summary) {
        let summary = trace.all
        append(literal: "{\"traceId\":")
        append(jsonString: summary.id.hex32)
        append(literal: ",\"rootServiceName\":")
        append(jsonString: summary.rootService)
        append(literal: ",\"rootOperationName\":")
        append(jsonString: summary.rootName)
        append(literal: ",\"minStartTimeUnixNano\":")
        append(quoted: summary.startNanoseconds)
        append(literal: ",\"maxEndTimeUnixNano\":")
        append(quoted: summary.endNanoseconds)
        append(literal: ",\"spanCount\":")
        append(decimal: summary.spanCount)
        append(literal: ",\"errorSpanCount\":")
        append(decimal: summary.errorCount)
        append(literal: ",\"orphanSpanCount\":")
        append(decimal: trace.orphans)
        append(literal: ",\"services\":")
        append(jsonArray: trace.services) { bytes, service in
            bytes.append(literal: "{\"name\":")
            bytes.append(jsonString: service.name)
            bytes.append(literal: ",\"spanCount\":")
            bytes.append(decimal: service.spans)
            bytes.append(literal: ",\"errorSpanCount\":")
            bytes.append(decimal: service.errors)
            bytes.append(UInt8(ascii: "}"))
        }
        append(UInt8(ascii: "}"))
    }
}
