// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
package import WingbeatModel

/// A span as Zipkin sees it.
///
/// Sources: Zipkin's `Span` model; OpenTelemetry specification, "Zipkin exporter".
package struct ZipkinSpan {
    /// The span that is seen.
    package let record: SpanRecord

    /// A view of the span.
    package init(_ record: SpanRecord) {
        self.record = record
    }

    /// Zipkin's annotation: a moment and a text.
    package struct Annotation: Hashable, Comparable {
        package let timestamp: UInt64
        package let value: String

        package static func < (left: Annotation, right: Annotation) -> Bool {
            (left.timestamp, left.value) < (right.timestamp, right.value)
        }
    }

    /// The start in microseconds.
    package var timestamp: UInt64? { record.startNanoseconds == 0 ? nil : max(record.startNanoseconds / 1000, 1) }

    /// The duration in microseconds, rounded; at least one.
    package var duration: UInt64? { Self.duration(record.durationNanoseconds) }

    /// The recording side, with the resource's name where the span has none of its own.
    package var localEndpoint: NetworkEndpoint? {
        var endpoint = record.localEndpoint ?? NetworkEndpoint()
        endpoint.serviceName = record.serviceName.flatMap { $0.isEmpty ? nil : $0 }
        return endpoint.isEmpty ? nil : endpoint
    }

    /// Events in time order, each once.
    package var annotations: [Annotation] {
        guard record.events.count > 1 else { return record.events.map(Annotation.init) }
        return Set(record.events.map(Annotation.init)).sorted()
    }

    /// All tags by key; of two with one key the later wins.
    package var tags: [(key: String, value: String)] {
        var collected = ZipkinTags()
        collected.collect(record)
        var tags: [(key: String, value: String)] = []
        collected.forEach { tags.append(($0.key, $0.value.description)) }
        return tags
    }

    /// The other side of the call: the span's own, or what the attributes of a client or producer tell.
    package var remoteEndpoint: NetworkEndpoint? {
        if var endpoint = record.remoteEndpoint {
            if endpoint.serviceName == "" { endpoint.serviceName = nil }
            if !endpoint.isEmpty { return endpoint }
        }
        guard let peer = record.peer else { return nil }
        var endpoint = NetworkEndpoint()
        if !endpoint.setAddress(peer.name) { endpoint.serviceName = peer.name }
        let port = PeerKey.port(ofRank: peer.rank).flatMap { record[attribute: $0] }
        endpoint.port = port.flatMap { UInt16($0.description) }
        return endpoint
    }
}

extension ZipkinSpan {
    /// The text of an event's annotation: its name; its attributes follow as JSON: `"name":{"key":"value"}`.
    package static func annotationText(of event: SpanRecord.Event) -> String {
        guard !event.attributes.isEmpty else { return event.name }
        var json: [UInt8] = []
        json.append(jsonString: event.name)
        json.append(UInt8(ascii: ":"))
        json.append(json: event.attributes)
        return String(decoding: json, as: UTF8.self)
    }
}

extension ZipkinSpan.Annotation {
    /// An event at its moment.
    init(_ event: SpanRecord.Event) {
        timestamp = max(event.nanoseconds / 1000, 1)  // Zipkin refuses zero
        value = ZipkinSpan.annotationText(of: event)
    }
}

extension SpanRecord.Kind {
    /// The name in Zipkin's JSON, which has none for work inside a process.
    package var zipkinName: String? {
        switch self {
        case .internal: nil
        case .client: "CLIENT"
        case .server: "SERVER"
        case .producer: "PRODUCER"
        case .consumer: "CONSUMER"
        }
    }
}
