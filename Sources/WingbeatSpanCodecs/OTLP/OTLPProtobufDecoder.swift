// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Reads OTLP in protocol buffers: a request with spans.
///
/// Nothing is lost but: a status message without an error, entity references of a resource, the end of a span that ends
/// before it starts, links without valid ids (counted as dropped), and which of resource, scope and their fields were
/// written though empty. Unknown fields are skipped; texts that are not UTF-8 are repaired with U+FFFD; lists and maps may
/// be nested 32 levels deep. Of Zipkin's spans, what ``OTLPProtobufEncoder`` wrote as attributes is Zipkin's again.
///
/// The memory of the result is at most about forty times that of the bytes, where these are nothing but empty attributes.
///
/// Source: opentelemetry-proto 1.9, `ExportTraceServiceRequest`.
public enum OTLPProtobufDecoder {
    /// Reads a request.
    ///
    /// - Throws: where the bytes are no protocol buffers, or nested too deep; the error says at which byte.
    public static func decode(_ bytes: [UInt8]) throws(SpanDecodingError) -> OTLPBatch {
        try bytes.withUnsafeBufferPointer { buffer throws(SpanDecodingError) in
            var decoding = OTLPProtobufDecoding(inputBytes: buffer.count)
            try decoding.readRequest(ProtobufReader(buffer))
            return decoding.batch
        }
    }
}

/// The state of reading one request.
struct OTLPProtobufDecoding: ~Copyable {
    var batch = OTLPBatch()
    /// The resource and the scope of the spans that are being read.
    var resource: Shared<Resource>?
    var scope: Shared<InstrumentationScope>?
    /// True when one of the current span's attributes says that it comes from Zipkin.
    var isZipkin = false
    /// Lists are about as long as their predecessors.
    var expectedAttributes = 0
    var expectedEvents = 0
    var budget = DecodingBudget()
    let keys: Memo<String>
    let texts: Memo<String>

    init(inputBytes: Int) {
        keys = Memo(inputBytes: inputBytes, limit: 64)
        texts = Memo(inputBytes: inputBytes, limit: 1024)
    }

    mutating func readRequest(_ reader: ProtobufReader) throws(SpanDecodingError) {
        var reader = reader
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): try readResourceSpans(try reader.message())
            default: try reader.skip(field)
            }
        }
    }

    /// The resource and its schema may stand behind the spans, so these are read in a second pass.
    private mutating func readResourceSpans(_ message: ProtobufReader) throws(SpanDecodingError) {
        var reader = message
        var found: Resource?
        var schema = ""
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): found = try readResource(try reader.message())
            case (3, .delimited): schema = try text(&reader)
            default: try reader.skip(field)
            }
        }
        if !schema.isEmpty { found = found ?? Resource(serviceName: "") }
        found?.schemaURL = schema
        resource = found.map(Shared.init)
        reader = message
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (2, .delimited): try readScopeSpans(try reader.message())
            default: try reader.skip(field)
            }
        }
    }

    private mutating func readResource(_ reader: ProtobufReader) throws(SpanDecodingError) -> Resource {
        var reader = reader
        var attributes: [Attribute] = []
        var dropped: UInt32 = 0
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): attributes.append(try attribute(&reader))
            case (2, .varint): dropped = try count(&reader)
            default: try reader.skip(field)
            }
        }
        var resource = Resource(otlpAttributes: attributes)
        resource.droppedAttributes = dropped
        return resource
    }

    private mutating func readScopeSpans(_ message: ProtobufReader) throws(SpanDecodingError) {
        var reader = message
        var found: InstrumentationScope?
        var schema = ""
        var spans = 0
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): found = try readScope(try reader.message())
            case (3, .delimited): schema = try text(&reader)
            default:
                if field.number == 2 { spans += 1 }
                try reader.skip(field)
            }
        }
        if !schema.isEmpty { found = found ?? InstrumentationScope(name: "") }
        found?.schemaURL = schema
        scope = found.map(Shared.init)
        try readSpans(message, count: spans)
    }

    private mutating func readSpans(_ message: ProtobufReader, count: Int) throws(SpanDecodingError) {
        var reader = message
        // A span that is taken has more bytes than these, so a large count alone reserves nothing.
        reserve(min(count, reader.available / 28))
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (2, .delimited): try readSpan(try reader.message())
            default: try reader.skip(field)
            }
        }
    }

    /// Makes room for more spans, in steps that grow with what is there already.
    private mutating func reserve(_ count: Int) {
        let needed = batch.spans.count + count
        guard needed > batch.spans.capacity else { return }
        batch.spans.reserveCapacity(max(needed, 2 * batch.spans.capacity))
    }

    private mutating func readScope(_ reader: ProtobufReader) throws(SpanDecodingError) -> InstrumentationScope {
        var reader = reader
        var scope = InstrumentationScope(name: "")
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): scope.name = try text(&reader)
            case (2, .delimited): scope.version = try text(&reader)
            case (3, .delimited): scope.attributes.append(try attribute(&reader))
            case (4, .varint): scope.droppedAttributes = try count(&reader)
            default: try reader.skip(field)
            }
        }
        return scope
    }
}
