// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Reads a span with its events and links.
extension OTLPProtobufDecoding {
    mutating func readSpan(_ reader: ProtobufReader) throws(SpanDecodingError) {
        try budget.take()
        var parts = OTLPSpanParts()
        isZipkin = false
        let span = try readFields(reader, &parts)  // handed on without a copy
        parts.isZipkin = isZipkin
        batch.take(span, with: parts)
    }

    private mutating func readFields(
        _ reader: ProtobufReader,
        _ parts: inout OTLPSpanParts
    ) throws(SpanDecodingError) -> SpanRecord {
        var span = SpanRecord(traceID: .smallest, id: .smallest)
        span.sharedResource = resource
        span.sharedScope = scope
        var reader = reader
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): parts.trace = OTLPID(try reader.bytes())
            case (2, .delimited): parts.id = OTLPID(try reader.bytes())
            case (3, .delimited): span.traceState = try text(&reader)
            case (4, .delimited): parts.parent = OTLPID(try reader.bytes())
            case (5, .delimited): span.name = try text(&reader)
            case (6, .varint): span.kind = SpanRecord.Kind(otlpNumber: try reader.varint())
            case (7, .fixed64): span.startNanoseconds = try reader.fixed64()
            case (8, .fixed64): parts.end = try reader.fixed64()
            case (9, .delimited):
                if span.attributes.isEmpty { reserve(&span.attributes, expectedAttributes, reader) }
                span.attributes.append(try attribute(&reader))
            case (11, .delimited):
                if span.events.isEmpty { reserve(&span.events, expectedEvents, reader) }
                span.events.append(try readEvent(try reader.message()))
            case (13, .delimited): try readLink(try reader.message(), of: &span)
            case (15, .delimited): span.status = try readStatus(try reader.message())
            case (16, .fixed32): span.flags = try reader.fixed32()
            default: try readDropped(field, &reader, of: &span)
            }
        }
        expectedAttributes = span.attributes.count
        expectedEvents = span.events.count
        return span
    }

    /// Counts of what was left out: few spans have them.
    private func readDropped(
        _ field: ProtobufReader.Field,
        _ reader: inout ProtobufReader,
        of span: inout SpanRecord
    ) throws(SpanDecodingError) {
        switch (field.number, field.type) {
        case (10, .varint): span.dropped.attributes = try count(&reader)
        case (12, .varint): span.dropped.events = try count(&reader)
        case (14, .varint): span.dropLinks(try count(&reader))
        default: try reader.skip(field)
        }
    }

    /// Makes room for as many elements as are expected, though for no more than the bytes left could mean.
    private func reserve<Element>(_ list: inout [Element], _ expected: Int, _ reader: ProtobufReader) {
        list.reserveCapacity(min(expected, reader.available / 8 + 1))
    }

    private mutating func readEvent(_ reader: ProtobufReader) throws(SpanDecodingError) -> SpanRecord.Event {
        try budget.take()
        var reader = reader
        var event = SpanRecord.Event(nanoseconds: 0, name: "")
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .fixed64): event.nanoseconds = try reader.fixed64()
            case (2, .delimited): event.name = try text(&reader)
            case (3, .delimited): event.attributes.append(try attribute(&reader))
            case (4, .varint): event.droppedAttributes = try count(&reader)
            default: try reader.skip(field)
            }
        }
        return event
    }

    /// A link that leads nowhere is left out and counted.
    private mutating func readLink(
        _ reader: ProtobufReader,
        of span: inout SpanRecord
    ) throws(SpanDecodingError) {
        try budget.take()
        var reader = reader
        var link = SpanRecord.Link(traceID: .smallest, spanID: .smallest)
        var (trace, id) = (OTLPID.none, OTLPID.none)
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): trace = OTLPID(try reader.bytes())
            case (2, .delimited): id = OTLPID(try reader.bytes())
            case (3, .delimited): link.traceState = try text(&reader)
            case (4, .delimited): link.attributes.append(try attribute(&reader))
            case (5, .varint): link.droppedAttributes = try count(&reader)
            case (6, .fixed32): link.flags = try reader.fixed32()
            default: try reader.skip(field)
            }
        }
        if let link = link.with(trace, id) {
            span.links.append(link)
        } else {
            span.dropLinks(1)
        }
    }

    private mutating func readStatus(_ reader: ProtobufReader) throws(SpanDecodingError) -> SpanRecord.Status {
        var reader = reader
        var message = ""
        var code: UInt64 = 0
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (2, .delimited): message = try text(&reader)
            case (3, .varint): code = try reader.varint()
            default: try reader.skip(field)
            }
        }
        return SpanRecord.Status(otlpCode: code, message: message)
    }
}
