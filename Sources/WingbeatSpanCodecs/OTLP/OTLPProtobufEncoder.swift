// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
public import WingbeatModel

/// Writes spans as OTLP in protocol buffers: the body of a `POST /v1/traces` with `application/x-protobuf`, and the
/// message of gRPC's `TraceService/Export`.
///
/// Spans of one resource and scope stand together, in the order of the first of them. Everything that a
/// `SpanRecord` holds is written. What only Zipkin has a field for is an attribute behind the span's own: the addresses
/// and ports of the endpoints `net.host.ip`, `net.host.port`, `net.peer.ip` and `net.peer.port`, the other side's name
/// `peer.service`, the flags `zipkin.shared` and `zipkin.debug`; the own side's name is the resource's `service.name`, and
/// the tags `error` and `otel.status_code` are the status, too. Our decoders make fields of these again. An end that does
/// not fit 64 bits of nanoseconds is written as the largest that does.
///
/// Source: opentelemetry-proto 1.9, `ExportTraceServiceRequest`.
public enum OTLPProtobufEncoder {
    /// A request with the spans; empty for no spans.
    public static func encode(_ spans: some Sequence<SpanRecord>) -> [UInt8] {
        var bytes: [UInt8] = []
        Array(spans).withUnsafeBufferPointer { spans in
            bytes.reserveCapacity(spans.count * 320)
            for group in OTLPGroups(spans).emitters {
                bytes.append(field: 1) { $0.append(group.emitter, group.scopes, of: spans) }
            }
        }
        return bytes
    }
}

extension [UInt8] {
    /// `ResourceSpans`.
    fileprivate mutating func append(
        _ emitter: OTLPGroups.Emitter,
        _ scopes: [OTLPGroups.Scope],
        of spans: UnsafeBufferPointer<SpanRecord>
    ) {
        if emitter.isKnown { append(field: 1) { $0.append(emitter) } }
        for scope in scopes { append(field: 2) { $0.append(scope, of: spans) } }
        append(field: 3, unlessEmpty: emitter.resource?.value.schemaURL ?? "")
    }

    /// `Resource`.
    private mutating func append(_ emitter: OTLPGroups.Emitter) {
        if !emitter.name.isEmpty { append(field: 1, Attribute("service.name", emitter.name)) }
        guard let resource = emitter.resource?.value else { return }
        append(field: 1, resource.attributes)
        append(field: 2, unlessZero: resource.droppedAttributes)
    }

    /// `ScopeSpans`.
    private mutating func append(_ group: OTLPGroups.Scope, of spans: UnsafeBufferPointer<SpanRecord>) {
        if let scope = group.scope?.value { append(field: 1) { $0.append(scope) } }
        for index in group.members { append(field: 2) { $0.append(spans[index]) } }
        append(field: 3, unlessEmpty: group.scope?.value.schemaURL ?? "")
    }

    /// `InstrumentationScope`.
    private mutating func append(_ scope: InstrumentationScope) {
        append(field: 1, unlessEmpty: scope.name)
        append(field: 2, unlessEmpty: scope.version)
        append(field: 3, scope.attributes)
        append(field: 4, unlessZero: scope.droppedAttributes)
    }

    /// `Span`.
    private mutating func append(_ span: borrowing SpanRecord) {
        append(field: 1, span.traceID)
        append(field: 2, span.id)
        append(field: 3, unlessEmpty: span.traceState)
        if let parent = span.parentID { append(field: 4, parent) }
        append(field: 5, unlessEmpty: span.name)
        if let kind = span.kind { append(field: 6, varint: UInt64(kind.otlpNumber)) }
        if span.startNanoseconds > 0 { append(field: 7, fixed64: span.startNanoseconds) }
        if span.endNanoseconds > 0 { append(field: 8, fixed64: span.endNanoseconds) }
        append(field: 9, span.attributes)
        append(field: 9, ZipkinMapping.attributes(of: span))
        append(field: 10, unlessZero: span.dropped.attributes)
        for event in span.events { append(field: 11) { $0.append(event) } }
        append(field: 12, unlessZero: span.dropped.events)
        for link in span.links { append(field: 13) { $0.append(link) } }
        append(field: 14, unlessZero: span.dropped.links)
        append(field: 15, ZipkinMapping.status(of: span))
        if span.flags > 0 { append(field: 16, fixed32: span.flags) }
    }

    /// `Span.Event`.
    private mutating func append(_ event: SpanRecord.Event) {
        if event.nanoseconds > 0 { append(field: 1, fixed64: event.nanoseconds) }
        append(field: 2, unlessEmpty: event.name)
        append(field: 3, event.attributes)
        append(field: 4, unlessZero: event.droppedAttributes)
    }

    /// `Span.Link`.
    private mutating func append(_ link: SpanRecord.Link) {
        append(field: 1, link.traceID)
        append(field: 2, link.spanID)
        append(field: 3, unlessEmpty: link.traceState)
        append(field: 4, link.attributes)
        append(field: 5, unlessZero: link.droppedAttributes)
        if link.flags > 0 { append(field: 6, fixed32: link.flags) }
    }

    /// `Status`.
    private mutating func append(field number: Int, _ status: SpanRecord.Status) {
        switch status {
        case .unset: break
        case .ok: append(field: number) { $0.append(field: 3, varint: 1) }
        case .error(let message):
            append(field: number) { bytes in
                bytes.append(field: 2, unlessEmpty: message)
                bytes.append(field: 3, varint: 2)
            }
        }
    }
}

/// Values that other messages have, too.
extension [UInt8] {
    /// A repeated `KeyValue`.
    private mutating func append(field number: Int, _ attributes: [Attribute]) {
        for attribute in attributes { append(field: number, attribute) }
    }

    private mutating func append(field number: Int, _ attribute: Attribute) {
        append(field: number) { bytes in
            bytes.append(field: 1, unlessEmpty: attribute.key)
            bytes.append(field: 2) { $0.append(attribute.value) }
        }
    }

    /// `AnyValue`.
    private mutating func append(_ value: AttributeValue) {
        switch value {
        case .string(let text): append(field: 1, text: text)
        case .bool(let value): append(field: 2, varint: value ? 1 : 0)
        case .int(let value): append(field: 3, varint: UInt64(bitPattern: value))
        case .double(let value): append(field: 4, double: value)
        case .array(let values):
            append(field: 5) { bytes in
                for value in values { bytes.append(field: 1) { $0.append(value) } }
            }
        case .map(let attributes): append(field: 6) { $0.append(field: 1, attributes) }
        case .bytes(let data): append(field: 7, bytes: data)
        case .empty: break
        }
    }

    private mutating func append(field number: Int, _ id: TraceID) {
        append(field: number, header: 16)
        append(bigEndian: id.high)
        append(bigEndian: id.low)
    }

    private mutating func append(field number: Int, _ id: SpanID) {
        append(field: number, header: 8)
        append(bigEndian: id.value)
    }

    private mutating func append(field number: Int, unlessEmpty text: String) {
        if !text.isEmpty { append(field: number, text: text) }
    }

    private mutating func append(field number: Int, unlessZero count: UInt32) {
        if count > 0 { append(field: number, varint: UInt64(count)) }
    }
}

extension SpanRecord {
    /// The moment at which the span ended, in nanoseconds since 1970; the largest there is where that is later.
    var endNanoseconds: UInt64 {
        let (end, overflow) = startNanoseconds.addingReportingOverflow(durationNanoseconds)
        return overflow ? .max : end
    }
}

extension SpanRecord.Kind {
    /// The number in OTLP's `SpanKind`, of which zero is unknown.
    var otlpNumber: UInt8 {
        switch self {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }

    /// The kind with the number; nil for the unknown one and for those that are not known here.
    init?(otlpNumber: UInt64) {
        switch otlpNumber {
        case 1: self = .internal
        case 2: self = .server
        case 3: self = .client
        case 4: self = .producer
        case 5: self = .consumer
        default: return nil
        }
    }
}
