// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Reads attributes, texts and counts.
extension OTLPProtobufDecoding {
    /// `KeyValue` of a span, a resource and the like.
    @inline(__always)
    mutating func attribute(_ reader: inout ProtobufReader) throws(SpanDecodingError) -> Attribute {
        try budget.take()
        let message = try reader.message()
        guard let short = ShortTextAttribute(message.rest) else { return try attribute(message) }
        return Attribute(key(of: short.key), .string(text(of: short.text)))
    }

    /// `KeyValue`.
    private mutating func attribute(_ reader: ProtobufReader, depth: Int = 0) throws(SpanDecodingError) -> Attribute {
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
            case (1, .delimited):
                try budget.take()
                values.append(try value(try reader.message(), depth: depth))
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
            case (1, .delimited):
                try budget.take()
                attributes.append(try attribute(try reader.message(), depth: depth))
            default: try reader.skip(field)
            }
        }
        return attributes
    }

    /// A key; the one with which Zipkin's spans are marked is noted.
    @inline(__always)
    private mutating func key(_ reader: inout ProtobufReader) throws(SpanDecodingError) -> String {
        key(of: try reader.bytes())
    }

    @inline(__always)
    private mutating func key(of bytes: UnsafeBufferPointer<UInt8>) -> String {
        if bytes.first == UInt8(ascii: "z") { isZipkin = isZipkin || bytes.starts(with: "zipkin.".utf8) }
        guard bytes.count <= OTLPLimits.rememberedBytes else { return String(decoding: bytes, as: UTF8.self) }
        return keys.value(of: bytes) { String(decoding: bytes, as: UTF8.self) }
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

/// An attribute as most are written, with a key and a text of less than 128 bytes: found without a loop over fields.
private struct ShortTextAttribute {
    let key: UnsafeBufferPointer<UInt8>
    let text: UnsafeBufferPointer<UInt8>

    /// Nil for every other `KeyValue`, well-formed or not.
    @inline(__always)
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        // 0x0A: field 1, of a length; 0x12: field 2, of a length.
        guard bytes.count >= 6, bytes[0] == 0x0A, bytes[1] < 0x80 else { return nil }
        let value = 2 + Int(bytes[1])
        guard bytes.count >= value + 4, bytes[value] == 0x12, bytes[value + 2] == 0x0A else { return nil }
        let text = value + 4
        guard bytes.count < text + 0x80, Int(bytes[value + 1]) == bytes.count - value - 2,
            Int(bytes[value + 3]) == bytes.count - text
        else { return nil }
        key = UnsafeBufferPointer(rebasing: bytes[2..<value])
        self.text = UnsafeBufferPointer(rebasing: bytes[text...])
    }
}
