// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

/// Reads attributes, texts, times and counts.
extension OTLPJSONDecoding {
    mutating func readAttributes(
        _ scanner: inout JSONScanner,
        depth: Int = 0
    ) throws(SpanDecodingError) -> [Attribute] {
        var attributes: [Attribute] = []
        try scanner.array { scanner, _ throws(SpanDecodingError) in
            attributes.append(try readAttribute(&scanner, depth: depth))
        }
        return attributes
    }

    private mutating func readAttribute(
        _ scanner: inout JSONScanner,
        depth: Int
    ) throws(SpanDecodingError) -> Attribute {
        var attribute = Attribute("", .empty)
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "key": attribute.key = try text(&scanner)
            case "value": attribute.value = try readValue(&scanner, depth: depth)
            default: try scanner.skipValue()
            }
        }
        if attribute.key.hasPrefix("zipkin.") { isZipkin = true }
        return attribute
    }

    private mutating func readValue(
        _ scanner: inout JSONScanner,
        depth: Int
    ) throws(SpanDecodingError) -> AttributeValue {
        guard depth < OTLPLimits.valueDepth else {
            throw scanner.malformed("at most \(OTLPLimits.valueDepth) levels of values")
        }
        var value = AttributeValue.empty
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            switch key {
            case "stringValue": value = .string(try text(&scanner))
            case "boolValue": value = .bool(try scanner.boolean())
            case "intValue": value = .int(try scanner.integer())
            case "doubleValue": value = .double(try double(&scanner))
            case "bytesValue": value = .bytes(try bytes(&scanner))
            case "arrayValue": value = .array(try readArray(&scanner, depth: depth + 1))
            case "kvlistValue": value = .map(try readMap(&scanner, depth: depth + 1))
            default: try scanner.skipValue()
            }
        }
        return value
    }

    private mutating func readArray(
        _ scanner: inout JSONScanner,
        depth: Int
    ) throws(SpanDecodingError) -> [AttributeValue] {
        var values: [AttributeValue] = []
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            guard case "values" = key else { return try scanner.skipValue() }
            try scanner.array { scanner, _ throws(SpanDecodingError) in
                values.append(try readValue(&scanner, depth: depth))
            }
        }
        return values
    }

    private mutating func readMap(
        _ scanner: inout JSONScanner,
        depth: Int
    ) throws(SpanDecodingError) -> [Attribute] {
        var attributes: [Attribute] = []
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { return }
            guard case "values" = key else { return try scanner.skipValue() }
            attributes = try readAttributes(&scanner, depth: depth)
        }
        return attributes
    }

    func text(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> String {
        let text = try scanner.text()
        guard text.bytes.count <= OTLPLimits.rememberedBytes else { return text.string }
        return texts.value(of: text.bytes) { text.string }
    }

    /// Nanoseconds since 1970, of 64 bits without a sign.
    func time(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> UInt64 {
        let start = scanner.index
        let text = scanner.peek() == UInt8(ascii: "\"") ? try scanner.string() : try scanner.numberText()
        if let time = UInt64(text) { return time }
        if let number = Double(text), let time = UInt64(exactly: number) { return time }
        scanner.index = start
        throw scanner.malformed("nanoseconds of 64 bits without a sign")
    }

    /// A `uint32`, of which the lower bits are kept.
    func count(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> UInt32 {
        UInt32(truncatingIfNeeded: try scanner.integer())
    }

    /// A number, or what JSON's numbers cannot say as text: `NaN`, `Infinity`, `-Infinity`.
    private func double(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> Double {
        let start = scanner.index
        let text = scanner.peek() == UInt8(ascii: "\"") ? try scanner.string() : try scanner.numberText()
        if let number = Double(text) { return number }
        scanner.index = start
        throw scanner.malformed("a number, NaN, Infinity or -Infinity")
    }

    private func bytes(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> [UInt8] {
        let start = scanner.index
        if let bytes = [UInt8](base64: try scanner.string()) { return bytes }
        scanner.index = start
        throw scanner.malformed("bytes in Base64")
    }
}
