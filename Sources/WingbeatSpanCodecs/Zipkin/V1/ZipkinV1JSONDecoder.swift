// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Reads Zipkin v1 JSON: a list of spans, each of which may become several, with Zipkin's validation and its error
/// texts.
///
/// Source: openzipkin/zipkin-api `zipkin-api.yaml`, and the rules of Zipkin's own reader. Other than there, tags that are
/// numbers or truth values are kept, as such.
public enum ZipkinV1JSONDecoder {
    /// Reads a list of spans.
    public static func decode(_ bytes: [UInt8]) throws(SpanDecodingError) -> [SpanRecord] {
        try ZipkinJSONList.decode(bytes, format: "JSON_V1") { scanner, spans throws(SpanDecodingError) in
            var reader = ZipkinV1JSONSpanReader(inputBytes: bytes.count)
            try scanner.array { scanner, position throws(SpanDecodingError) in
                spans.append(contentsOf: ZipkinV1Converter.convert(try reader.read(&scanner, at: position)))
            }
        }
    }
}

/// Reads the spans of one list of Zipkin v1 JSON.
private struct ZipkinV1JSONSpanReader: ~Copyable {
    private let endpoints: ZipkinEndpointReader
    private var position = 0

    init(inputBytes: Int) {
        endpoints = ZipkinEndpointReader(inputBytes: inputBytes)
    }

    /// Where the span stands in the list, for errors.
    private var path: String { "$[\(position)]" }

    mutating func read(_ scanner: inout JSONScanner, at position: Int) throws(SpanDecodingError) -> ZipkinV1Span {
        self.position = position
        var span = ZipkinV1Span(traceID: .smallest, id: .smallest)
        var ids = (trace: TraceID?.none, span: SpanID?.none)
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            switch key {
            case "traceId":
                try requireValue(&scanner, "traceId")
                ids.trace = try ZipkinID.readTraceID(&scanner)
            case "id":
                try requireValue(&scanner, "id")
                ids.span = try ZipkinID.readSpanID(&scanner)
            default: try readOptional(key, &scanner, into: &span)
            }
        }
        guard let traceID = ids.trace else { throw SpanDecodingError("\(path): missing traceId") }
        guard let id = ids.span else { throw SpanDecodingError("\(path): missing id") }
        span.traceID = traceID
        span.id = id
        return span
    }

    private func readOptional(
        _ key: JSONText,
        _ scanner: inout JSONScanner,
        into span: inout ZipkinV1Span
    ) throws(SpanDecodingError) {
        if try scanner.skipNull() { return }
        switch key {
        case "parentId": span.parentID = try ZipkinID.readParentID(&scanner)
        case "name": span.name = try scanner.string()
        case "timestamp": span.start = try nanoseconds(&scanner, "timestamp")
        case "duration": span.duration = try nanoseconds(&scanner, "duration")
        case "annotations":
            try scanner.array { scanner, position throws(SpanDecodingError) in
                span.annotations.append(try readAnnotation(&scanner, at: position))
            }
        case "binaryAnnotations":
            try scanner.array { scanner, position throws(SpanDecodingError) in
                span.binaryAnnotations.append(try readBinaryAnnotation(&scanner, at: position))
            }
        case "debug": span.isDebug = try scanner.boolean()
        case "localEndpoint", "remoteEndpoint", "tags":
            throw SpanDecodingError("Expected a JSON_V1 encoded list, but received: JSON_V2\n")
        default: try scanner.skipValue()
        }
    }

    private func requireValue(_ scanner: inout JSONScanner, _ name: StaticString) throws(SpanDecodingError) {
        guard try !scanner.skipNull() else { throw SpanDecodingError("No value at \(path).\(name)") }
    }

    private func nanoseconds(_ scanner: inout JSONScanner, _ name: String) throws(SpanDecodingError) -> UInt64 {
        try ZipkinTime.nanoseconds(try scanner.integer(), "\(path).\(name)")
    }

    private func readAnnotation(
        _ scanner: inout JSONScanner,
        at position: Int
    ) throws(SpanDecodingError) -> ZipkinV1Span.Annotation {
        let place = "annotations[\(position)]"
        var annotation = ZipkinV1Span.Annotation()
        var hasValue = false
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "timestamp": annotation.time = try nanoseconds(&scanner, "\(place).timestamp")
            case "value":
                annotation.value = try scanner.string()
                hasValue = true
            case "endpoint": annotation.endpoint = try endpoints.read(&scanner)
            default: try scanner.skipValue()
            }
        }
        guard annotation.time > 0 else {
            throw SpanDecodingError("Incomplete annotation at \(path).\(place).timestamp")
        }
        guard hasValue else { throw SpanDecodingError("Incomplete annotation at \(path).\(place).value") }
        return annotation
    }

    private func readBinaryAnnotation(
        _ scanner: inout JSONScanner,
        at position: Int
    ) throws(SpanDecodingError) -> ZipkinV1Span.BinaryAnnotation {
        var annotation = ZipkinV1Span.BinaryAnnotation()
        var hasKey = false
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "key":
                annotation.key = try scanner.string()
                hasKey = true
            case "value": annotation.value = try readValue(&scanner)
            case "endpoint": annotation.endpoint = try endpoints.read(&scanner)
            default: try scanner.skipValue()
            }
        }
        guard hasKey else { throw SpanDecodingError("No key at \(path).binaryAnnotations[\(position)]") }
        return annotation
    }

    private func readValue(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> AttributeValue {
        switch scanner.peek() {
        case UInt8(ascii: "\""): return .string(try scanner.string())
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try scanner.boolean())
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try scanner.skipValue()
            return .empty
        default:
            let text = try scanner.numberText()
            return Int64(text).map(AttributeValue.int) ?? Double(text).map(AttributeValue.double) ?? .string(text)
        }
    }
}
