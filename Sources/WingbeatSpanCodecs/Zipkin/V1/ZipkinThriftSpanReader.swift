// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Reads the spans of one list of Zipkin's Thrift.
struct ZipkinThriftSpanReader: ~Copyable {
    private let texts: Memo<String>

    /// A reader of a list of so many bytes, which must outlive it.
    init(inputBytes: Int) {
        texts = Memo(inputBytes: inputBytes, limit: 1024)
    }

    /// Reads the span that stands at a position of the list.
    func read(_ thrift: inout ThriftReader, at position: Int) throws(SpanDecodingError) -> ZipkinV1Span {
        var span = ZipkinV1Span(traceID: .smallest, id: .smallest)
        var ids: (high: UInt64, low: UInt64, span: UInt64) = (0, 0, 0)
        while let field = try thrift.nextField() {
            switch (field.number, field.type) {
            case (1, .i64): ids.low = try thrift.integer()
            case (4, .i64): ids.span = try thrift.integer()
            case (12, .i64): ids.high = try thrift.integer()
            default: try readOptional(field, &thrift, into: &span, "$[\(position)]")
            }
        }
        guard let traceID = TraceID(high: ids.high, low: ids.low) else {
            throw SpanDecodingError("traceId is all zeros")
        }
        guard let id = SpanID(ids.span) else { throw SpanDecodingError("id is all zeros") }
        span.traceID = traceID
        span.id = id
        return span
    }

    private func readOptional(
        _ field: ThriftReader.Field,
        _ thrift: inout ThriftReader,
        into span: inout ZipkinV1Span,
        _ path: String
    ) throws(SpanDecodingError) {
        switch (field.number, field.type) {
        case (3, .string): span.name = try text(&thrift)
        case (5, .i64): span.parentID = SpanID(try thrift.integer())
        case (6, .list): try readAnnotations(&thrift, into: &span, path)
        case (8, .list): try readBinaryAnnotations(&thrift, into: &span)
        case (9, .bool): span.isDebug = try thrift.integer() == UInt8(1)
        case (10, .i64): span.start = try ZipkinTime.nanoseconds(try thrift.integer(), "\(path).timestamp")
        case (11, .i64): span.duration = try ZipkinTime.nanoseconds(try thrift.integer(), "\(path).duration")
        default: try thrift.skip(field.type)
        }
    }

    private func text(_ thrift: inout ThriftReader) throws(SpanDecodingError) -> String {
        let bytes = try thrift.bytes()
        return texts.value(of: bytes) { String(decoding: bytes, as: UTF8.self) }
    }

    private func readAnnotations(
        _ thrift: inout ThriftReader,
        into span: inout ZipkinV1Span,
        _ path: String
    ) throws(SpanDecodingError) {
        for position in 0..<(try structures(&thrift)) {
            var annotation = ZipkinV1Span.Annotation()
            while let field = try thrift.nextField() {
                switch (field.number, field.type) {
                case (1, .i64):
                    let place = "\(path).annotations[\(position)].timestamp"
                    annotation.time = try ZipkinTime.nanoseconds(try thrift.integer(), place)
                case (2, .string): annotation.value = try text(&thrift)
                case (3, .structure): annotation.endpoint = try endpoint(&thrift)
                default: try thrift.skip(field.type)
                }
            }
            if annotation.time > 0 {
                span.annotations.append(annotation)
            } else {
                span.droppedAnnotations &+= 1
            }
        }
    }

    private func readBinaryAnnotations(
        _ thrift: inout ThriftReader,
        into span: inout ZipkinV1Span
    ) throws(SpanDecodingError) {
        for _ in 0..<(try structures(&thrift)) {
            var annotation = ZipkinV1Span.BinaryAnnotation()
            var value = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
            var type: Int32 = 6
            while let field = try thrift.nextField() {
                switch (field.number, field.type) {
                case (1, .string): annotation.key = try text(&thrift)
                case (2, .string): value = try thrift.bytes()
                case (3, .i32): type = try thrift.integer()
                case (4, .structure): annotation.endpoint = try endpoint(&thrift)
                default: try thrift.skip(field.type)
                }
            }
            annotation.value = self.value(of: value, type)
            span.binaryAnnotations.append(annotation)
        }
    }

    /// How many structures a list has.
    private func structures(_ thrift: inout ThriftReader) throws(SpanDecodingError) -> Int {
        let list = try thrift.list()
        guard list.type == .structure || list.count == 0 else {
            throw SpanDecodingError("Malformed: expected a list of structures before byte \(thrift.position)")
        }
        return list.count
    }

    /// The value of a binary annotation; bytes where they are not as long as their type.
    private func value(of bytes: UnsafeBufferPointer<UInt8>, _ type: Int32) -> AttributeValue {
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch (type, bytes.count) {
        case (0, 1): return .bool(number == 1)
        case (2, 2): return .int(Int64(Int16(truncatingIfNeeded: number)))
        case (3, 4): return .int(Int64(Int32(truncatingIfNeeded: number)))
        case (4, 8): return .int(Int64(bitPattern: number))
        case (5, 8): return .double(Double(bitPattern: number))
        case (6, _): return .string(texts.value(of: bytes) { String(decoding: bytes, as: UTF8.self) })
        default: return .bytes(Array(bytes))
        }
    }

    private func endpoint(_ thrift: inout ThriftReader) throws(SpanDecodingError) -> Shared<NetworkEndpoint>? {
        var endpoint = NetworkEndpoint()
        while let field = try thrift.nextField() {
            switch (field.number, field.type) {
            case (1, .i32):
                let address: UInt32 = try thrift.integer()
                if address != 0 { endpoint.ipv4 = Self.text(ofIPv4: address) }
            case (2, .i16):
                let port: UInt16 = try thrift.integer()  // signed in Thrift, which has no other
                endpoint.port = port == 0 ? nil : port
            case (3, .string):
                let name = try text(&thrift)
                endpoint.serviceName = name.isEmpty ? nil : name
            case (4, .string): endpoint.setAddress(bytes: try thrift.bytes())
            default: try thrift.skip(field.type)
            }
        }
        return endpoint.isEmpty ? nil : Shared(endpoint)
    }

    private static func text(ofIPv4 address: UInt32) -> String {
        "\(address >> 24).\(address >> 16 & 0xFF).\(address >> 8 & 0xFF).\(address & 0xFF)"
    }
}
