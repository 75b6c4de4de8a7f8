// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Reads a span with its events and links.
extension OTLPJSONDecoding {
    mutating func readSpan(_ scanner: inout JSONScanner) throws(SpanDecodingError) {
        var parts = OTLPSpanParts()
        isZipkin = false
        let span = try readFields(&scanner, &parts)
        let before = batch.spans.count
        batch.take(span, with: parts)
        if isZipkin, batch.spans.count > before { zipkinSpans.append(before) }
    }

    private mutating func readFields(
        _ scanner: inout JSONScanner,
        _ parts: inout OTLPSpanParts
    ) throws(SpanDecodingError) -> SpanRecord {
        var span = SpanRecord(traceID: .smallest, id: .smallest)
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "traceId": parts.trace = OTLPID(hex: try scanner.string())
            case "spanId": parts.id = OTLPID(hex: try scanner.string())
            case "parentSpanId": parts.parent = OTLPID(hex: try scanner.string())
            case "name": span.name = try text(&scanner)
            case "kind": span.kind = SpanRecord.Kind(otlpNumber: UInt64(truncatingIfNeeded: try scanner.integer()))
            case "startTimeUnixNano": span.startNanoseconds = try time(&scanner)
            case "endTimeUnixNano": parts.end = try time(&scanner)
            case "attributes": span.attributes = try readAttributes(&scanner)
            case "status": span.status = try readStatus(&scanner)
            case "events": try readEvents(&scanner, of: &span)
            case "links": try readLinks(&scanner, of: &span)
            default: try readSeldom(key, &scanner, of: &span)
            }
        }
        return span
    }

    private func readSeldom(
        _ key: JSONText,
        _ scanner: inout JSONScanner,
        of span: inout SpanRecord
    ) throws(SpanDecodingError) {
        switch key {
        case "traceState": span.traceState = try text(&scanner)
        case "flags": span.flags = try count(&scanner)
        case "droppedAttributesCount": span.dropped.attributes = try count(&scanner)
        case "droppedEventsCount": span.dropped.events = try count(&scanner)
        case "droppedLinksCount": span.dropLinks(try count(&scanner))
        default: try scanner.skipValue()
        }
    }

    private mutating func readEvents(
        _ scanner: inout JSONScanner,
        of span: inout SpanRecord
    ) throws(SpanDecodingError) {
        try scanner.array { scanner, _ throws(SpanDecodingError) in
            var event = SpanRecord.Event(nanoseconds: 0, name: "")
            try scanner.fields { scanner, key throws(SpanDecodingError) in
                if try scanner.skipNull() { return }
                switch key {
                case "timeUnixNano": event.nanoseconds = try time(&scanner)
                case "name": event.name = try text(&scanner)
                case "attributes": event.attributes = try readAttributes(&scanner)
                case "droppedAttributesCount": event.droppedAttributes = try count(&scanner)
                default: try scanner.skipValue()
                }
            }
            span.events.append(event)
        }
    }

    /// A link that leads nowhere is left out and counted.
    private mutating func readLinks(
        _ scanner: inout JSONScanner,
        of span: inout SpanRecord
    ) throws(SpanDecodingError) {
        try scanner.array { scanner, _ throws(SpanDecodingError) in
            if let link = try readLink(&scanner) { span.links.append(link) } else { span.dropLinks(1) }
        }
    }

    private mutating func readLink(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> SpanRecord.Link? {
        var link = SpanRecord.Link(traceID: .smallest, spanID: .smallest)
        var (trace, id) = (OTLPID.none, OTLPID.none)
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "traceId": trace = OTLPID(hex: try scanner.string())
            case "spanId": id = OTLPID(hex: try scanner.string())
            case "traceState": link.traceState = try text(&scanner)
            case "attributes": link.attributes = try readAttributes(&scanner)
            case "droppedAttributesCount": link.droppedAttributes = try count(&scanner)
            case "flags": link.flags = try count(&scanner)
            default: try scanner.skipValue()
            }
        }
        return link.with(trace, id)
    }

    private func readStatus(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> SpanRecord.Status {
        var message = ""
        var code: Int64 = 0
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "message": message = try text(&scanner)
            case "code": code = try scanner.integer()
            default: try scanner.skipValue()
            }
        }
        return SpanRecord.Status(otlpCode: UInt64(truncatingIfNeeded: code), message: message)
    }
}
