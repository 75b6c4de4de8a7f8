// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Reads Zipkin v2 JSON: a list of spans, with Zipkin's validation and its error texts.
///
/// Source: openzipkin/zipkin-api `zipkin2-api.yaml`, and the rules of Zipkin's own reader: unknown fields are
/// skipped, so is `null` where a field is optional; ids are lower-case hexadecimal; tags are texts.
public enum ZipkinJSONDecoder {
    /// Reads a list of spans.
    public static func decode(_ bytes: [UInt8]) throws(SpanDecodingError) -> [SpanRecord] {
        try ZipkinJSONList.decode(bytes, format: "JSON_V2") { scanner, spans throws(SpanDecodingError) in
            var reader = ZipkinJSONSpanReader(inputBytes: bytes.count)
            try scanner.array { scanner, position throws(SpanDecodingError) in
                spans.append(SpanRecord(traceID: .smallest, id: .smallest))  // the real ids may come last
                try reader.read(&scanner, at: position, into: &spans[position])
            }
        }
    }
}

/// What the lists of both versions of Zipkin's JSON have in common.
enum ZipkinJSONList {
    /// Reads a list of spans with a body that reads it from its bracket on.
    ///
    /// - Parameter format: the version's name in Zipkin's errors.
    static func decode(
        _ bytes: [UInt8],
        format: String,
        _ body: (inout JSONScanner, inout [SpanRecord]) throws(SpanDecodingError) -> Void
    ) throws(SpanDecodingError) -> [SpanRecord] {
        do throws(SpanDecodingError) {
            return try bytes.withUnsafeBufferPointer { buffer throws(SpanDecodingError) in
                var scanner = JSONScanner(buffer)
                guard scanner.peek() == UInt8(ascii: "[") else { throw notAList(format) }
                var spans: [SpanRecord] = []
                spans.reserveCapacity(bytes.count / 512)  // more would be memory for nothing
                try body(&scanner, &spans)
                try scanner.expectEnd()
                return spans
            }
        } catch {
            throw SpanDecodingError(zipkinText(of: error), isTooLarge: error.isTooLarge)
        }
    }

    /// Zipkin says `<cause> reading List<Span> from json`; where and what comes after it.
    private static func zipkinText(of error: SpanDecodingError) -> String {
        let text = error.description
        if text.hasPrefix("Expected a JSON_V") { return text }
        let reading = "reading List<Span> from json"
        guard text.hasPrefix("Malformed: ") else { return "\(text) \(reading)" }
        return "Malformed \(reading): \(text.dropFirst("Malformed: ".count))"
    }

    private static func notAList(_ format: String) -> SpanDecodingError {
        SpanDecodingError("Expected a \(format) encoded list\n")
    }
}
