// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
public import WingbeatModel

/// Writes Zipkin v2 JSON, byte for byte as Zipkin's own writer does: no white space, fields in its order, tags by
/// key, annotations by time, names in lower case, times in microseconds.
///
/// What Zipkin has no field for is said as OpenTelemetry's specification for Zipkin exporters has it: the status as
/// `otel.status_code` and `error`, other attributes of the resource as tags, an event's attributes as JSON behind its
/// name. Links are lost.
public enum ZipkinJSONEncoder {
    /// A list of spans.
    public static func encode(_ spans: some Sequence<SpanRecord>) -> [UInt8] {
        var bytes: [UInt8] = []
        append(spans, to: &bytes)
        return bytes
    }

    /// A list of lists of spans: the answer to a search for traces.
    public static func encode(traces: some Sequence<[SpanRecord]>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(UInt8(ascii: "["))
        for (index, trace) in traces.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(trace, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    private static func append(_ spans: some Sequence<SpanRecord>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, span) in spans.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(ZipkinSpan(span), to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func append(_ span: ZipkinSpan, to bytes: inout [UInt8]) {
        let record = span.record
        bytes.append(literal: "{\"traceId\":\"")
        bytes.append(text: record.traceID.hex)
        if let parent = record.parentID {
            bytes.append(literal: "\",\"parentId\":\"")
            bytes.append(hex: parent.value)
        }
        bytes.append(literal: "\",\"id\":\"")
        bytes.append(hex: record.id.value)
        bytes.append(UInt8(ascii: "\""))
        if let kind = record.kind?.zipkinName { bytes.append(field: "kind", string: kind) }
        if !record.name.isEmpty { bytes.append(field: "name", string: record.name.lowercased()) }
        if let start = span.timestamp { bytes.append(field: "timestamp", integer: start) }
        if let duration = span.duration { bytes.append(field: "duration", integer: duration) }
        if let endpoint = span.localEndpoint { bytes.append(field: "localEndpoint", endpoint: endpoint) }
        if let endpoint = span.remoteEndpoint { bytes.append(field: "remoteEndpoint", endpoint: endpoint) }
        append(annotations: span.annotations, to: &bytes)
        append(tags: span.tags, to: &bytes)
        if record.isDebug { bytes.append(literal: ",\"debug\":true") }
        if record.isShared { bytes.append(literal: ",\"shared\":true") }
        bytes.append(UInt8(ascii: "}"))
    }

    private static func append(annotations: [ZipkinSpan.Annotation], to bytes: inout [UInt8]) {
        guard !annotations.isEmpty else { return }
        bytes.append(literal: ",\"annotations\":[")
        for (index, annotation) in annotations.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(literal: "{\"timestamp\":")
            bytes.append(decimal: annotation.timestamp)
            bytes.append(field: "value", string: annotation.value)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func append(tags: [(key: String, value: String)], to bytes: inout [UInt8]) {
        guard !tags.isEmpty else { return }
        bytes.append(literal: ",\"tags\":{")
        for (index, tag) in tags.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(jsonString: tag.key)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(jsonString: tag.value)
        }
        bytes.append(UInt8(ascii: "}"))
    }
}

extension [UInt8] {
    fileprivate mutating func append(field name: StaticString, string value: String) {
        append(name: name)
        append(jsonString: value)
    }

    fileprivate mutating func append(field name: StaticString, integer value: UInt64) {
        append(name: name)
        append(decimal: value)
    }

    fileprivate mutating func append(field name: StaticString, endpoint: NetworkEndpoint) {
        append(name: name)
        append(UInt8(ascii: "{"))
        let start = count
        if let service = endpoint.serviceName { append(field: "serviceName", string: service.lowercased()) }
        if let address = endpoint.ipv4 { append(field: "ipv4", string: address) }
        if let address = endpoint.ipv6 { append(field: "ipv6", string: address) }
        if let port = endpoint.port { append(field: "port", integer: UInt64(port)) }
        if count > start { remove(at: start) }  // the first field's comma
        append(UInt8(ascii: "}"))
    }

    private mutating func append(name: StaticString) {
        append(literal: ",\"")
        append(literal: name)
        append(literal: "\":")
    }
}
