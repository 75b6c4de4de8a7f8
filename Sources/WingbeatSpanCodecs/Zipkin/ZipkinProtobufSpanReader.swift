// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Reads the spans of one list of Zipkin's protocol buffers.
struct ZipkinProtobufSpanReader: ~Copyable {
    private let texts: Memo<String>
    private let endpoints: Memo<Shared<NetworkEndpoint>?>
    /// A span has about as many tags as the one before it.
    private var expectedTags = 0
    private var position = 0
    private var budget = DecodingBudget()

    /// A reader of a list of so many bytes, which must outlive it.
    init(inputBytes: Int) {
        texts = Memo(inputBytes: inputBytes, limit: 1024)
        endpoints = Memo(inputBytes: inputBytes, limit: 128)
    }

    /// Where the span stands in the list, for errors.
    private var path: String { "$[\(position)]" }

    /// Reads the message of the span at a position of the list into a new record.
    mutating func read(
        _ message: ProtobufReader,
        at position: Int,
        into span: inout SpanRecord
    ) throws(SpanDecodingError) {
        self.position = position
        var message = message
        var ids = (trace: TraceID?.none, span: SpanID?.none)
        while let field = try message.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): ids.trace = try traceID(try message.bytes())
            case (3, .delimited): ids.span = try spanID(try message.bytes())
            default: try readOptional(field, &message, into: &span)
            }
        }
        guard let traceID = ids.trace else { throw SpanDecodingError("\(path): missing traceId") }
        guard let id = ids.span else { throw SpanDecodingError("\(path): missing id") }
        span.traceID = traceID
        span.id = id
        span.normalizeForZipkin()
        expectedTags = span.attributes.count
    }

    @inline(__always)
    private mutating func readOptional(
        _ field: ProtobufReader.Field,
        _ message: inout ProtobufReader,
        into span: inout SpanRecord
    ) throws(SpanDecodingError) {
        switch (field.number, field.type) {
        case (2, .delimited): span.parentID = try parentID(try message.bytes())
        case (4, .varint): span.kind = try message.varint().zipkinKind
        case (5, .delimited): span.name = text(try message.bytes())
        case (6, .fixed64):
            span.startNanoseconds = try nanoseconds(try message.fixed64(), "timestamp")
        case (7, .varint): span.durationNanoseconds = try nanoseconds(try message.varint(), "duration")
        case (8, .delimited): span.sharedLocalEndpoint = try endpoint(&message)
        case (9, .delimited): span.sharedRemoteEndpoint = try endpoint(&message)
        case (10, .delimited):
            try budget.take()
            try readAnnotation(try message.message(), into: &span)
        case (11, .delimited):
            try budget.take()
            try readTag(try message.message(), into: &span)
        case (12, .varint): span.isDebug = try message.varint() != 0
        case (13, .varint): span.isShared = try message.varint() != 0
        default: try message.skip(field)
        }
    }

    @inline(__always)
    private func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        texts.value(of: bytes) { String(decoding: bytes, as: UTF8.self) }
    }

    private func nanoseconds(_ bits: UInt64, _ name: @autoclosure () -> String) throws(SpanDecodingError) -> UInt64 {
        try ZipkinTime.nanoseconds(Int64(bitPattern: bits), "\(path).\(name())")
    }

    private func readAnnotation(
        _ message: ProtobufReader,
        into span: inout SpanRecord
    ) throws(SpanDecodingError) {
        var message = message
        var (time, value) = (UInt64(0), "")
        while let field = try message.nextField() {
            switch (field.number, field.type) {
            case (1, .fixed64):
                time = try nanoseconds(
                    try message.fixed64(),
                    "annotations[\(span.events.count)].timestamp"
                )
            case (2, .delimited): value = text(try message.bytes())
            default: try message.skip(field)
            }
        }
        guard time > 0 else { return span.dropped.events &+= 1 }
        span.events.append(SpanRecord.Event(nanoseconds: time, name: value))
    }

    private func readTag(_ message: ProtobufReader, into span: inout SpanRecord) throws(SpanDecodingError) {
        guard message.available > 0 else { return span.dropped.attributes &+= 1 }
        var message = message
        var (key, value) = ("", "")
        while let field = try message.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): key = text(try message.bytes())
            case (2, .delimited): value = text(try message.bytes())
            default: try message.skip(field)
            }
        }
        if span.attributes.isEmpty { span.attributes.reserveCapacity(min(expectedTags, 16)) }
        span.attributes.append(Attribute(key, .string(value)))
    }

    private func endpoint(_ message: inout ProtobufReader) throws(SpanDecodingError) -> Shared<NetworkEndpoint>? {
        let nested = try message.message()
        if let known = endpoints.value(of: nested.rest) { return known }
        let endpoint = try newEndpoint(nested).map(Shared.init)
        endpoints.remember(endpoint, for: nested.rest)
        return endpoint
    }

    private func newEndpoint(_ message: ProtobufReader) throws(SpanDecodingError) -> NetworkEndpoint? {
        var message = message
        var endpoint = NetworkEndpoint()
        while let field = try message.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited):
                let name = try message.string()
                endpoint.serviceName = name.isEmpty ? nil : name
            case (2, .delimited), (3, .delimited): endpoint.setAddress(bytes: try message.bytes())
            case (4, .varint): try endpoint.setPort(Int64(bitPattern: try message.varint()))
            default: try message.skip(field)
            }
        }
        return endpoint.isEmpty ? nil : endpoint
    }
}

extension ZipkinProtobufSpanReader {
    private func traceID(_ bytes: UnsafeBufferPointer<UInt8>) throws(SpanDecodingError) -> TraceID {
        guard !bytes.isEmpty else { throw SpanDecodingError("traceId is empty") }
        guard bytes.count <= 16 else { throw SpanDecodingError("traceId.length > 32") }
        let low = bytes.suffix(8).bigEndian
        guard let id = TraceID(high: bytes.dropLast(8).bigEndian, low: low) else {
            throw SpanDecodingError("traceId is all zeros")
        }
        return id
    }

    private func spanID(_ bytes: UnsafeBufferPointer<UInt8>) throws(SpanDecodingError) -> SpanID {
        guard !bytes.isEmpty else { throw SpanDecodingError("id is empty") }
        guard bytes.count <= 8 else { throw SpanDecodingError("id.length > 16") }
        guard let id = SpanID(bytes[...].bigEndian) else { throw SpanDecodingError("id is all zeros") }
        return id
    }

    /// A parent id of zeros means that there is none.
    private func parentID(_ bytes: UnsafeBufferPointer<UInt8>) throws(SpanDecodingError) -> SpanID? {
        guard bytes.count <= 8 else { throw SpanDecodingError("parentId.length > 16") }
        return SpanID(bytes[...].bigEndian)
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// The number of at most eight bytes, the first of which is the highest.
    fileprivate var bigEndian: UInt64 { reduce(0) { $0 << 8 | UInt64($1) } }
}

extension UInt64 {
    /// The kind of zipkin.proto's number; nil for none and for those of the future.
    fileprivate var zipkinKind: SpanRecord.Kind? {
        switch self {
        case 1: .client
        case 2: .server
        case 3: .producer
        case 4: .consumer
        default: nil
        }
    }
}
