// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Reads OTLP in JSON: a request with spans.
///
/// It keeps and loses what ``OTLPProtobufDecoder`` does. Names of fields are in lower camel case only, others are
/// skipped, and so is `null`; ids are hexadecimal of either case, enumerations are their numbers, 64-bit numbers may be
/// numbers or texts, bytes are Base64 of either alphabet.
///
/// Source: OTLP specification, "JSON Protobuf Encoding".
public enum OTLPJSONDecoder {
    /// Reads a request.
    ///
    /// - Throws: where the bytes are no such JSON, or nested too deep; the error says at which byte.
    public static func decode(_ bytes: [UInt8]) throws(SpanDecodingError) -> OTLPBatch {
        try bytes.withUnsafeBufferPointer { buffer throws(SpanDecodingError) in
            var decoding = OTLPJSONDecoding(inputBytes: buffer.count)
            var scanner = JSONScanner(buffer)
            try decoding.readRequest(&scanner)
            try scanner.expectEnd()
            return decoding.batch
        }
    }
}

/// The state of reading one request.
struct OTLPJSONDecoding: ~Copyable {
    var batch = OTLPBatch()
    /// True when one of the current span's attributes says that it comes from Zipkin.
    var isZipkin = false
    /// Where the spans of the current resource stand that come from Zipkin.
    var zipkinSpans: [Int] = []
    let texts: Memo<String>

    init(inputBytes: Int) {
        texts = Memo(inputBytes: inputBytes, limit: 1024)
    }

    mutating func readRequest(_ scanner: inout JSONScanner) throws(SpanDecodingError) {
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            guard case "resourceSpans" = key else { return try scanner.skipValue() }
            try scanner.array { scanner, _ throws(SpanDecodingError) in try readResourceSpans(&scanner) }
        }
    }

    /// The resource may stand behind its spans.
    private mutating func readResourceSpans(_ scanner: inout JSONScanner) throws(SpanDecodingError) {
        let first = batch.spans.count
        var found: Resource?
        var schema = ""
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "resource": found = try readResource(&scanner)
            case "scopeSpans":
                try scanner.array { scanner, _ throws(SpanDecodingError) in try readScopeSpans(&scanner) }
            case "schemaUrl": schema = try scanner.string()
            default: try scanner.skipValue()
            }
        }
        if !schema.isEmpty { found = found ?? Resource(serviceName: "") }
        found?.schemaURL = schema
        if let resource = found.map(Shared.init) {
            for index in first..<batch.spans.count { batch.spans[index].sharedResource = resource }
        }
        for index in zipkinSpans { ZipkinMapping.restore(&batch.spans[index]) }
        zipkinSpans.removeAll()
    }

    private mutating func readResource(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> Resource {
        var attributes: [Attribute] = []
        var dropped: UInt32 = 0
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "attributes": attributes = try readAttributes(&scanner)
            case "droppedAttributesCount": dropped = try count(&scanner)
            default: try scanner.skipValue()
            }
        }
        var resource = Resource(otlpAttributes: attributes)
        resource.droppedAttributes = dropped
        return resource
    }

    private mutating func readScopeSpans(_ scanner: inout JSONScanner) throws(SpanDecodingError) {
        let first = batch.spans.count
        var found: InstrumentationScope?
        var schema = ""
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "scope": found = try readScope(&scanner)
            case "spans": try scanner.array { scanner, _ throws(SpanDecodingError) in try readSpan(&scanner) }
            case "schemaUrl": schema = try scanner.string()
            default: try scanner.skipValue()
            }
        }
        if !schema.isEmpty { found = found ?? InstrumentationScope(name: "") }
        found?.schemaURL = schema
        guard let scope = found.map(Shared.init) else { return }
        for index in first..<batch.spans.count { batch.spans[index].sharedScope = scope }
    }

    private mutating func readScope(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> InstrumentationScope {
        var scope = InstrumentationScope(name: "")
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "name": scope.name = try scanner.string()
            case "version": scope.version = try scanner.string()
            case "attributes": scope.attributes = try readAttributes(&scanner)
            case "droppedAttributesCount": scope.droppedAttributes = try count(&scanner)
            default: try scanner.skipValue()
            }
        }
        return scope
    }
}
