// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Reads a span with its events and links.
extension OTLPProtobufDecoding {
    mutating func readSpan(_ reader: ProtobufReader) throws(SpanDecodingError) {
        var reader = reader
        var span = SpanRecord(traceID: .smallest, id: .smallest)  // the real ids may come last
        var ids = OTLPIDs()
        var end: UInt64 = 0
        isZipkin = false
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): ids.trace = OTLPID(try reader.bytes())
            case (2, .delimited): ids.span = OTLPID(try reader.bytes())
            case (3, .delimited): span.traceState = try text(&reader)
            case (4, .delimited): ids.parent = OTLPID(try reader.bytes())
            case (5, .delimited): span.name = try text(&reader)
            case (6, .varint): span.kind = SpanRecord.Kind(otlpNumber: try reader.varint())
            case (7, .fixed64): span.startNanoseconds = try reader.fixed64()
            case (8, .fixed64): end = try reader.fixed64()
            case (9, .delimited):
                if span.attributes.isEmpty { reserve(&span.attributes, expectedAttributes, reader) }
                span.attributes.append(try attribute(try reader.message()))
            case (10, .varint): span.dropped.attributes = try count(&reader)
            case (11, .delimited):
                if span.events.isEmpty { reserve(&span.events, expectedEvents, reader) }
                span.events.append(try readEvent(try reader.message()))
            case (12, .varint): span.dropped.events = try count(&reader)
            case (13, .delimited): try readLink(try reader.message(), into: &span)
            case (14, .varint): span.dropped.links = addedUpToLimit(try count(&reader), span.dropped.links)
            case (15, .delimited): span.status = try readStatus(try reader.message())
            case (16, .fixed32): span.flags = try reader.fixed32()
            default: try reader.skip(field)
            }
        }
        expectedAttributes = span.attributes.count
        expectedEvents = span.events.count
        if let reason = ids.set(of: &span) { return batch.reject(reason) }
        span.sharedResource = resource
        span.sharedScope = scope
        span.finish(end: end, isZipkin: isZipkin)
        batch.spans.append(span)
    }

    /// Makes room for as many elements as are expected, though for no more than the bytes left could mean.
    private func reserve<Element>(_ list: inout [Element], _ expected: Int, _ reader: ProtobufReader) {
        list.reserveCapacity(min(expected, reader.available / 8 + 1))
    }

    private mutating func readEvent(_ reader: ProtobufReader) throws(SpanDecodingError) -> SpanRecord.Event {
        var reader = reader
        var event = SpanRecord.Event(nanoseconds: 0, name: "")
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .fixed64): event.nanoseconds = try reader.fixed64()
            case (2, .delimited): event.name = try text(&reader)
            case (3, .delimited): event.attributes.append(try attribute(try reader.message()))
            case (4, .varint): event.droppedAttributes = try count(&reader)
            default: try reader.skip(field)
            }
        }
        return event
    }

    /// A link that leads nowhere is left out and counted.
    private mutating func readLink(
        _ reader: ProtobufReader,
        into span: inout SpanRecord
    ) throws(SpanDecodingError) {
        var reader = reader
        var link = SpanRecord.Link(traceID: .smallest, spanID: .smallest)
        var ids = OTLPIDs()
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): ids.trace = OTLPID(try reader.bytes())
            case (2, .delimited): ids.span = OTLPID(try reader.bytes())
            case (3, .delimited): link.traceState = try text(&reader)
            case (4, .delimited): link.attributes.append(try attribute(try reader.message()))
            case (5, .varint): link.droppedAttributes = try count(&reader)
            case (6, .fixed32): link.flags = try reader.fixed32()
            default: try reader.skip(field)
            }
        }
        guard let traceID = ids.trace.traceID, let spanID = ids.span.spanID else {
            span.dropped.links = addedUpToLimit(span.dropped.links, 1)
            return
        }
        link.traceID = traceID
        link.spanID = spanID
        span.links.append(link)
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

/// The sum of two counts, or the largest count where it does not fit.
func addedUpToLimit(_ left: UInt32, _ right: UInt32) -> UInt32 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
}
