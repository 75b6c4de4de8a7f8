// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
public import WingbeatModel

/// Writes spans as OTLP in JSON: the body of a `POST /v1/traces` with `application/json`.
///
/// It says the same as ``OTLPProtobufEncoder``: ids in hexadecimal, enumerations as their numbers, 64-bit numbers as
/// strings, bytes in Base64, fields with a default value left out, no white space.
///
/// Source: OTLP specification, "JSON Protobuf Encoding".
public enum OTLPJSONEncoder {
    /// A request with the spans; `{}` for no spans.
    public static func encode(_ spans: some Sequence<SpanRecord>) -> [UInt8] {
        var bytes = Array("{".utf8)
        Array(spans).withUnsafeBufferPointer { spans in
            bytes.append(list: "resourceSpans", of: OTLPGroups(spans).emitters) { bytes, group in
                bytes.append(group.emitter, group.scopes, of: spans)
            }
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(
        _ emitter: OTLPGroups.Emitter,
        _ scopes: [OTLPGroups.Scope],
        of spans: UnsafeBufferPointer<SpanRecord>
    ) {
        if emitter.isKnown { append(object: "resource") { $0.append(emitter) } }
        append(list: "scopeSpans", of: scopes) { $0.append($1, of: spans) }
        append(field: "schemaUrl", text: emitter.resource?.value.schemaURL ?? "")
    }

    private mutating func append(_ emitter: OTLPGroups.Emitter) {
        let name = emitter.name.isEmpty ? [] : [Attribute("service.name", emitter.name)]
        append(field: "attributes", name + (emitter.resource?.value.attributes ?? []))
        append(field: "droppedAttributesCount", number: emitter.resource?.value.droppedAttributes ?? 0)
    }

    private mutating func append(_ group: OTLPGroups.Scope, of spans: UnsafeBufferPointer<SpanRecord>) {
        if let scope = group.scope?.value { append(object: "scope") { $0.append(scope) } }
        append(list: "spans", of: group.members) { $0.append(spans[$1]) }
        append(field: "schemaUrl", text: group.scope?.value.schemaURL ?? "")
    }

    private mutating func append(_ scope: InstrumentationScope) {
        append(field: "name", text: scope.name)
        append(field: "version", text: scope.version)
        append(field: "attributes", scope.attributes)
        append(field: "droppedAttributesCount", number: scope.droppedAttributes)
    }

    private mutating func append(_ span: borrowing SpanRecord) {
        append(span.traceID, span.id)
        append(field: "traceState", text: span.traceState)
        if let parent = span.parentID { append(field: "parentSpanId", hex: parent.value) }
        append(field: "name", text: span.name)
        append(field: "kind", number: UInt32(span.kind?.otlpNumber ?? 0))
        append(field: "startTimeUnixNano", quotedUnlessZero: span.startNanoseconds)
        append(field: "endTimeUnixNano", quotedUnlessZero: span.endNanoseconds)
        append(field: "attributes", span.attributes + ZipkinMapping.attributes(of: span))
        append(field: "droppedAttributesCount", number: span.dropped.attributes)
        append(list: "events", of: span.events) { $0.append($1) }
        append(field: "droppedEventsCount", number: span.dropped.events)
        append(list: "links", of: span.links) { $0.append($1) }
        append(field: "droppedLinksCount", number: span.dropped.links)
        append(ZipkinMapping.status(of: span))
        append(field: "flags", number: span.flags)
    }

    private mutating func append(_ trace: TraceID, _ span: SpanID) {
        append(member: "traceId")
        append(UInt8(ascii: "\""))
        append(hex: trace.high)
        append(hex: trace.low)
        append(UInt8(ascii: "\""))
        append(field: "spanId", hex: span.value)
    }

    private mutating func append(_ event: SpanRecord.Event) {
        append(field: "timeUnixNano", quotedUnlessZero: event.nanoseconds)
        append(field: "name", text: event.name)
        append(field: "attributes", event.attributes)
        append(field: "droppedAttributesCount", number: event.droppedAttributes)
    }

    private mutating func append(_ link: SpanRecord.Link) {
        append(link.traceID, link.spanID)
        append(field: "traceState", text: link.traceState)
        append(field: "attributes", link.attributes)
        append(field: "droppedAttributesCount", number: link.droppedAttributes)
        append(field: "flags", number: link.flags)
    }

    private mutating func append(_ status: SpanRecord.Status) {
        switch status {
        case .unset: break
        case .ok: append(object: "status") { $0.append(field: "code", number: 1) }
        case .error(let message):
            append(object: "status") { bytes in
                bytes.append(field: "message", text: message)
                bytes.append(field: "code", number: 2)
            }
        }
    }
}

/// Values that other messages have, too.
extension [UInt8] {
    private mutating func append(field name: StaticString, _ attributes: [Attribute]) {
        append(list: name, of: attributes) { $0.append($1) }
    }

    private mutating func append(_ attribute: Attribute) {
        append(field: "key", text: attribute.key)
        append(object: "value") { $0.append(attribute.value) }
    }

    private mutating func append(_ value: AttributeValue) {
        switch value {
        case .string(let text):
            append(member: "stringValue")
            append(jsonString: text)
        case .bool(let value):
            append(member: "boolValue")
            append(literal: value ? "true" : "false")
        case .int(let value):
            append(member: "intValue")
            append(quoted: value)
        case .double(let value):
            append(member: "doubleValue")
            append(number: value)
        case .array(let values):
            append(object: "arrayValue") { $0.append(list: "values", of: values) { $0.append($1) } }
        case .map(let attributes): append(object: "kvlistValue") { $0.append(field: "values", attributes) }
        case .bytes(let data):
            append(member: "bytesValue")
            append(UInt8(ascii: "\""))
            append(base64: data)
            append(UInt8(ascii: "\""))
        case .empty: break
        }
    }

    private mutating func append(number: Double) {
        switch number {
        case _ where number.isNaN: append(literal: "\"NaN\"")
        case .infinity: append(literal: "\"Infinity\"")
        case -.infinity: append(literal: "\"-Infinity\"")
        default: append(contentsOf: number.description.utf8)
        }
    }
}
