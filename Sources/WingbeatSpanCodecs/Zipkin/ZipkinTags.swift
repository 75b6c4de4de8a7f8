// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Collects what Zipkin's tags say of one span after the other, in memory that is kept.
///
/// Source: OpenTelemetry specification, "Zipkin exporter" and "Mapping OpenTelemetry to non-OTLP formats".
struct ZipkinTags {
    private var all: [Attribute] = []

    /// Collects the tags of a span in place of those of the last.
    mutating func collect(_ span: SpanRecord) {
        all.removeAll(keepingCapacity: true)
        if let resource = span.sharedResource { all.append(contentsOf: resource.value.attributes) }
        all.append(contentsOf: span.attributes)
        // The tag's presence alone would say error.
        let isNoError = span.attributes.last { $0.key == "error" }?.value == .bool(false)
        if isNoError { all.removeAll { $0.key == "error" } }
        collectStatus(span.status)
        if let scope = span.sharedScope { collectScope(scope.value) }
        collectDropped(span.dropped)
        all.sort { $0.key < $1.key }  // keeps the order of those with one key
    }

    /// Calls the body with each tag, by key; of two with one key with the later.
    func forEach(_ body: (Attribute) -> Void) {
        for (index, tag) in all.enumerated() where index + 1 == all.count || all[index + 1].key != tag.key {
            body(tag)
        }
    }

    /// True where there is no tag.
    var isEmpty: Bool { all.isEmpty }

    private mutating func collectStatus(_ status: SpanRecord.Status) {
        switch status {
        case .unset: break
        case .ok: all.append(Attribute("otel.status_code", "OK"))
        case .error(let message):
            all.append(Attribute("otel.status_code", "ERROR"))
            if !all.contains(where: { $0.key == "error" }) { all.append(Attribute("error", message)) }
        }
    }

    private mutating func collectScope(_ scope: InstrumentationScope) {
        if !scope.name.isEmpty { all.append(Attribute("otel.scope.name", scope.name)) }
        if !scope.version.isEmpty { all.append(Attribute("otel.scope.version", scope.version)) }
    }

    private mutating func collectDropped(_ dropped: SpanRecord.Dropped) {
        if dropped.attributes > 0 { append("otel.dropped_attributes_count", dropped.attributes) }
        if dropped.events > 0 { append("otel.dropped_events_count", dropped.events) }
        if dropped.links > 0 { append("otel.dropped_links_count", dropped.links) }
    }

    private mutating func append(_ key: String, _ count: UInt32) {
        all.append(Attribute(key, .int(Int64(count))))
    }
}
