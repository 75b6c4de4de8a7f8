// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatCollector
package import WingbeatModel
package import WingbeatSpanCodecs

/// What the commands ask of a collector: traces as records, with all that the collector knows of them.
extension CollectorClient {
    /// The spans of a trace; empty where the collector has none of it.
    package func trace(_ id: TraceID) async throws(CollectorFailure) -> [SpanRecord] {
        guard let body = try await get("/api/v3/traces/\(id)") else { return [] }
        return try Self.spans(in: body)
    }

    /// The traces that a search finds, newest first, and whether these are all.
    package func traces(
        _ search: TraceSearch
    ) async throws(CollectorFailure) -> (traces: [[SpanRecord]], isWhole: Bool) {
        guard let (body, isWhole) = try await getNoticing("/api/v3/traces", search.parameters) else {
            return ([], true)
        }
        var order: [TraceID] = []
        var traces: [TraceID: [SpanRecord]] = [:]
        for span in try Self.spans(in: body) {
            if traces[span.traceID] == nil { order.append(span.traceID) }
            traces[span.traceID, default: []].append(span)
        }
        return (order.compactMap { traces[$0] }, isWhole)
    }

    /// The summaries of the traces that a search finds, newest first, as the collector writes them.
    package func summaries(_ search: TraceSearch) async throws(CollectorFailure) -> [JSONValue] {
        let body = try await get("/api/v3/trace-summaries", search.parameters) ?? []
        do {
            return try JSONValue(body)["summaries"]?.elements ?? []
        } catch {
            throw .malformed("the answer cannot be read: \(error)")
        }
    }

    /// Sends spans to be stored.
    ///
    /// - Returns: how many the collector did not take, and why.
    package func store(_ spans: [SpanRecord]) async throws(CollectorFailure) -> OTLPResponse {
        let body = OTLPProtobufEncoder.encode(spans)
        let answer = try await post(body, to: "/v1/traces", as: "application/x-protobuf")
        do {
            return try OTLPResponse(protobuf: answer)
        } catch {
            throw .malformed("the answer cannot be read: \(error)")
        }
    }

    /// The spans of `{"result":{"resourceSpans":[…]}}`.
    private static func spans(in body: [UInt8]) throws(CollectorFailure) -> [SpanRecord] {
        let opening = Array(#"{"result":"#.utf8)
        guard body.starts(with: opening), body.last == UInt8(ascii: "}") else {
            throw .malformed("the answer is not one of Wingbeat's collector")
        }
        do {
            return try OTLPJSONDecoder.decode(Array(body[opening.count..<(body.count - 1)])).spans
        } catch {
            throw .malformed("the answer cannot be read: \(error)")
        }
    }
}

/// What traces are looked for.
package struct TraceSearch: Sendable {
    /// The service of the span that meets the other criteria.
    package var service: String?
    /// The name of that span.
    package var name: String?
    /// Its tags; a `*` in a value stands for any text.
    package var tags: [String: String] = [:]
    /// Nanoseconds.
    package var minimumDuration: UInt64?
    /// Nanoseconds.
    package var maximumDuration: UInt64?
    /// When the trace began, in microseconds since 1970.
    package var window: ClosedRange<UInt64>
    /// How many traces at most.
    package var limit: Int

    /// A search for all traces of a time.
    package init(window: ClosedRange<UInt64>, limit: Int) {
        self.window = window
        self.limit = limit
    }

    var parameters: [(String, String)] {
        var parameters = [
            ("query.startTimeMin", Self.time(window.lowerBound)), ("query.startTimeMax", Self.time(window.upperBound)),
            ("query.searchDepth", String(limit)),
        ]
        if let service { parameters.append(("query.serviceName", service)) }
        if let name { parameters.append(("query.operationName", name)) }
        if let minimumDuration { parameters.append(("query.durationMin", "\(minimumDuration)ns")) }
        if let maximumDuration { parameters.append(("query.durationMax", "\(maximumDuration)ns")) }
        if !tags.isEmpty {
            var json: [UInt8] = []
            json.append(json: tags.sorted { $0.key < $1.key }.map { Attribute($0.key, $0.value) })
            parameters.append(("query.attributes", String(decoding: json, as: UTF8.self)))
        }
        return parameters
    }

    /// The parameters of `/api/search`: a text in the language of searches, and these criteria beside it.
    package func languageParameters(beside text: String) -> [(String, String)] {
        let lookback = (window.upperBound - window.lowerBound) / 1000
        var terms = text.isEmpty ? [] : ["(\(text))"]
        if let service { terms.append("service:\(SearchCondition.quoted(service))") }
        if let name { terms.append("name:\(SearchCondition.quoted(name))") }
        if let minimumDuration { terms.append("duration>=\(minimumDuration)ns") }
        if let maximumDuration { terms.append("duration<=\(maximumDuration)ns") }
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) { terms.append(Self.term(key, value)) }
        return [
            ("q", terms.count == 1 && !text.isEmpty ? text : terms.joined(separator: " ")),
            ("endTs", String(window.upperBound / 1000)), ("lookback", String(max(lookback, 1))),
            ("limit", String(limit)),
        ]
    }

    /// A `*` at the end stands for any text, as in the language; elsewhere it stands for itself.
    private static func term(_ key: String, _ value: String) -> String {
        if key == "error", value == "true" { return "error" }
        let isPrefix = value.hasSuffix("*")
        let text = isPrefix ? String(value.dropLast()) : value
        return "\(SearchCondition.quotedKey(key)):\(text.isEmpty && isPrefix ? "" : SearchCondition.quoted(text))"
            + (isPrefix ? "*" : "")
    }

    private static func time(_ microseconds: UInt64) -> String {
        var bytes: [UInt8] = []
        bytes.append(rfc3339: min(microseconds, UInt64.max / 1000) * 1000)
        return String(decoding: bytes, as: UTF8.self)
    }
}
