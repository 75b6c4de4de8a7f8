// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

extension SQLTable {
    /// All tables; the view `traces` is ``tracesView``.
    static let all = [spans, events, links, attributes]

    /// A row for each span.
    static let spans = SQLTable("spans", spanColumns) { _ in 1 }

    /// A row for each event of a span.
    static let events = SQLTable(
        "events",
        [
            Column("time", "INTEGER") { .time($0.events[$1].nanoseconds) },
            Column("name", "TEXT") { .text($0.events[$1].name) },
            Column("attributes", "TEXT") { .json($0.events[$1].attributes) },
        ]
    ) { $0.events.count }

    /// A row for each link of a span.
    static let links = SQLTable(
        "links",
        [
            Column("linked_trace_id", "TEXT") { .text($0.links[$1].traceID.hex) },
            Column("linked_span_id", "TEXT") { .text($0.links[$1].spanID.hex) },
            Column("trace_state", "TEXT") { .filled($0.links[$1].traceState) },
            Column("attributes", "TEXT") { .json($0.links[$1].attributes) },
        ]
    ) { $0.links.count }

    /// A row for each attribute of a span, its resource and its scope.
    static let attributes = SQLTable(
        "attributes",
        [
            Column("key", "TEXT") { span, row in .optional(span.attribute(row)?.attribute.key) },
            Column("value", "") { span, row in span.attribute(row).map { SQLValue($0.attribute.value) } ?? .null },
            Column("type", "TEXT") { span, row in .optional(span.attribute(row)?.attribute.value.typeName) },
            Column("source", "TEXT") { span, row in .optional(span.attribute(row)?.source) },
        ]
    ) { span in
        span.attributes.count + (span.sharedResource?.value.attributes.count ?? 0)
            + (span.sharedScope?.value.attributes.count ?? 0)
    }

    /// A row for each trace, as far as its spans are there.
    static let tracesView = """
        CREATE TEMP VIEW traces AS SELECT trace_id, min(start) AS start, max(start + coalesce(duration, 0)) - min(start) AS duration,
            count(*) AS spans, sum(error) AS errors, count(DISTINCT service) AS services,
            max(iif(parent_id IS NULL, service, NULL)) AS root_service,
            max(iif(parent_id IS NULL, name, NULL)) AS root_name
        FROM spans GROUP BY trace_id
        """

    private static let spanColumns = [
        Column("duration", "INTEGER") { span, _ in .time(span.durationNanoseconds) },
        Column("parent_id", "TEXT") { span, _ in .optional(span.parentID?.hex) },
        Column("name", "TEXT") { span, _ in .text(span.name) },
        Column("kind", "TEXT") { span, _ in .optional(span.kind.map { "\($0)" }) },
        Column("status", "TEXT") { span, _ in .text(span.status.name) },
        Column("message", "TEXT") { span, _ in .optional(span.status.message) },
        Column("error", "INTEGER") { span, _ in .integer(span.isError ? 1 : 0) },
        Column("remote_service", "TEXT") { span, _ in .optional(ZipkinSpan(span).remoteEndpoint?.serviceName) },
        Column("scope", "TEXT") { span, _ in .filled(span.sharedScope?.value.name ?? "") },
        Column("scope_version", "TEXT") { span, _ in .filled(span.sharedScope?.value.version ?? "") },
        Column("trace_state", "TEXT") { span, _ in .filled(span.traceState) },
        Column("shared", "INTEGER") { span, _ in .integer(span.isShared ? 1 : 0) },
        Column("debug", "INTEGER") { span, _ in .integer(span.isDebug ? 1 : 0) },
        Column("attributes", "TEXT") { span, _ in .json(span.attributes) },
        Column("resource", "TEXT") { span, _ in .json(span.sharedResource?.value.attributes ?? []) },
    ]
}

extension SpanRecord {
    /// An attribute of the span, its resource or its scope, counted in this order.
    fileprivate func attribute(_ row: Int) -> (attribute: Attribute, source: String)? {
        var row = row
        let sources = [
            ("span", attributes), ("resource", sharedResource?.value.attributes ?? []),
            ("scope", sharedScope?.value.attributes ?? []),
        ]
        for (source, attributes) in sources {
            if row < attributes.count { return (attributes[row], source) }
            row -= attributes.count
        }
        return nil
    }
}

extension SpanRecord.Status {
    fileprivate var name: String {
        switch self {
        case .unset: "unset"
        case .ok: "ok"
        case .error: "error"
        }
    }

    fileprivate var message: String? {
        guard case .error(let message) = self, !message.isEmpty else { return nil }
        return message
    }
}

extension AttributeValue {
    fileprivate var typeName: String {
        switch self {
        case .string: "string"
        case .bool: "bool"
        case .int: "int"
        case .double: "double"
        case .array: "array"
        case .bytes: "bytes"
        case .map: "map"
        case .empty: "empty"
        }
    }
}
