// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Reads attributes, texts and counts.
extension OTLPProtobufDecoding {
    /// `KeyValue`.
    mutating func attribute(_ reader: ProtobufReader, depth: Int = 0) throws(SpanDecodingError) -> Attribute {
        var reader = reader
        var attribute = Attribute("", .empty)
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): attribute.key = try key(&reader)
            case (2, .delimited): attribute.value = try value(try reader.message(), depth: depth)
            default: try reader.skip(field)
            }
        }
        return attribute
    }

    /// `AnyValue`: the last of its fields counts.
    private mutating func value(
        _ reader: ProtobufReader,
        depth: Int
    ) throws(SpanDecodingError) -> AttributeValue {
        guard depth < OTLPLimits.valueDepth else {
            throw SpanDecodingError(
                "Malformed: expected at most \(OTLPLimits.valueDepth) levels of values at byte \(reader.position)"
            )
        }
        var reader = reader
        var value = AttributeValue.empty
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): value = .string(try text(&reader))
            case (2, .varint): value = .bool(try reader.varint() != 0)
            case (3, .varint): value = .int(Int64(bitPattern: try reader.varint()))
            case (4, .fixed64): value = .double(Double(bitPattern: try reader.fixed64()))
            case (5, .delimited): value = .array(try array(try reader.message(), depth: depth + 1))
            case (6, .delimited): value = .map(try map(try reader.message(), depth: depth + 1))
            case (7, .delimited): value = .bytes(Array(try reader.bytes()))
            default: try reader.skip(field)
            }
        }
        return value
    }

    /// `ArrayValue`.
    private mutating func array(
        _ reader: ProtobufReader,
        depth: Int
    ) throws(SpanDecodingError) -> [AttributeValue] {
        var reader = reader
        var values: [AttributeValue] = []
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): values.append(try value(try reader.message(), depth: depth))
            default: try reader.skip(field)
            }
        }
        return values
    }

    /// `KeyValueList`.
    private mutating func map(_ reader: ProtobufReader, depth: Int) throws(SpanDecodingError) -> [Attribute] {
        var reader = reader
        var attributes: [Attribute] = []
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .delimited): attributes.append(try attribute(try reader.message(), depth: depth))
            default: try reader.skip(field)
            }
        }
        return attributes
    }

    /// A key; the one with which Zipkin's spans are marked is noted.
    @inline(__always)
    private mutating func key(_ reader: inout ProtobufReader) throws(SpanDecodingError) -> String {
        let bytes = try reader.bytes()
        if bytes.first == UInt8(ascii: "z") { isZipkin = isZipkin || bytes.starts(with: "zipkin.".utf8) }
        return text(of: bytes)
    }

    @inline(__always)
    func text(_ reader: inout ProtobufReader) throws(SpanDecodingError) -> String {
        text(of: try reader.bytes())
    }

    @inline(__always)
    private func text(of bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard bytes.count <= OTLPLimits.rememberedBytes else { return String(decoding: bytes, as: UTF8.self) }
        return texts.value(of: bytes) { String(decoding: bytes, as: UTF8.self) }
    }

    /// A `uint32`, of which protocol buffers keep the lower bits.
    @inline(__always)
    func count(_ reader: inout ProtobufReader) throws(SpanDecodingError) -> UInt32 {
        UInt32(truncatingIfNeeded: try reader.varint())
    }
}
