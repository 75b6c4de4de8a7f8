// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel
import WingbeatSpanCodecs

/// Writes spans as rows of `otel_traces`, in the words of the OpenTelemetry Collector's exporter.
struct TraceRowWriter {
    /// True for the exporter's types, false for the plain ones.
    let isModern: Bool
    private(set) var rows = RowWriter()

    init(isModern: Bool) {
        self.isModern = isModern
    }

    /// The columns of a row.
    static func columns(isModern: Bool) -> String {
        let map = { (name: String) in isModern ? name : "`\(name).Keys`, `\(name).Values`" }
        return """
            Timestamp, TraceId, SpanId, ParentSpanId, TraceState, SpanName, SpanKind, ServiceName, \
            \(map("ResourceAttributes")), ScopeName, ScopeVersion, \(map("SpanAttributes")), Duration, StatusCode, \
            StatusMessage, `Events.Timestamp`, `Events.Name`, `Events.Attributes`, `Links.TraceId`, `Links.SpanId`, \
            `Links.TraceState`, `Links.Attributes`, WingbeatRemoteService, WingbeatWords
            """
    }

    /// - Parameter start: stands in for a start that is not known.
    mutating func append(_ span: SpanRecord, start: Int64) {
        rows.append(start)
        rows.append(span.traceID.hex32)
        rows.append(span.id.hex)
        rows.append(span.parentID?.hex ?? "")
        rows.append(span.traceState)
        rows.append(span.name)
        rows.append(Self.name(of: span.kind))
        rows.append(span.serviceName ?? "")
        append(map: span.resource?.attributes ?? [])
        rows.append(span.scope?.name ?? "")
        rows.append(span.scope?.version ?? "")
        append(map: span.attributes)
        rows.append(span.durationNanoseconds)
        append(span.status)
        append(span.events)
        append(span.links)
        appendWords(of: span)
    }

    private static func name(of kind: SpanRecord.Kind?) -> String {
        switch kind {
        case nil: "Unspecified"
        case .client: "Client"
        case .server: "Server"
        case .producer: "Producer"
        case .consumer: "Consumer"
        case .internal: "Internal"
        }
    }

    private mutating func append(_ status: SpanRecord.Status) {
        switch status {
        case .unset: rows.append("Unset", "")
        case .ok: rows.append("Ok", "")
        case .error(let message): rows.append("Error", message)
        }
    }

    private mutating func append(map attributes: [Attribute]) {
        guard isModern else {
            rows.append(list: attributes.map(\.key))
            rows.append(list: attributes.map(\.value.description))
            return
        }
        rows.append(count: attributes.count)
        for attribute in attributes { rows.append(attribute.key, attribute.value.description) }
    }

    /// Inside a list, a map or, in plain types, its JSON.
    private mutating func append(inner attributes: [Attribute]) {
        guard !isModern else { return append(map: attributes) }
        var json: [UInt8] = []
        json.append(json: attributes)
        rows.append(json)
    }

    private mutating func append(_ events: [SpanRecord.Event]) {
        rows.append(count: events.count)
        for event in events { rows.append(Int64(clamping: event.nanoseconds)) }
        rows.append(list: events.map(\.name))
        rows.append(count: events.count)
        for event in events { append(inner: event.attributes) }
    }

    private mutating func append(_ links: [SpanRecord.Link]) {
        rows.append(list: links.map(\.traceID.hex32))
        rows.append(list: links.map(\.spanID.hex))
        rows.append(list: links.map(\.traceState))
        rows.append(count: links.count)
        for link in links { append(inner: link.attributes) }
    }

    /// What searches look for: the other side, and the keys, the pairs and the annotations of Zipkin's view.
    private mutating func appendWords(of span: SpanRecord) {
        let view = ZipkinSpan(span)
        rows.append(view.remoteEndpoint?.serviceName?.lowercased() ?? "")
        rows.append(list: view.tags.flatMap { [$0.key, "\($0.key)=\($0.value)"] } + view.annotations.map(\.value))
    }
}

extension RowWriter {
    /// Two texts, one after the other.
    fileprivate mutating func append(_ first: String, _ second: String) {
        append(first)
        append(second)
    }
}
