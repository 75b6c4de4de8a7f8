// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

extension AttributeValue: CustomStringConvertible {
    /// The value as Zipkin's tags show it: texts as they are, numbers in decimal, bytes in Base64, lists and maps as
    /// JSON, nothing as an empty text.
    ///
    /// Source: OpenTelemetry specification, "Mapping Non-OTLP Attributes".
    public var description: String {
        switch self {
        case .string(let text): return text
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .double(let value): return String(value)
        case .empty: return ""
        case .bytes(let bytes):
            var text: [UInt8] = []
            text.append(base64: bytes)
            return String(decoding: text, as: UTF8.self)
        case .array, .map:
            var text: [UInt8] = []
            text.append(json: self)
            return String(decoding: text, as: UTF8.self)
        }
    }
}

extension [UInt8] {
    /// The value as JSON; bytes are a string in Base64; numbers that JSON does not know are a string, too.
    package mutating func append(json value: AttributeValue) {
        switch value {
        case .string(let text): append(jsonString: text)
        case .bool, .int: append(contentsOf: value.description.utf8)
        case .double(let number): append(json: number)
        case .empty: append(literal: "null")
        case .bytes(let bytes):
            append(UInt8(ascii: "\""))
            append(base64: bytes)
            append(UInt8(ascii: "\""))
        case .array(let values):
            append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(json: value)
            }
            append(UInt8(ascii: "]"))
        case .map(let attributes): append(json: attributes)
        }
    }

    /// The attributes as a JSON object, in their order.
    package mutating func append(json attributes: [Attribute]) {
        append(UInt8(ascii: "{"))
        for (index, attribute) in attributes.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            append(jsonString: attribute.key)
            append(UInt8(ascii: ":"))
            append(json: attribute.value)
        }
        append(UInt8(ascii: "}"))
    }

    private mutating func append(json number: Double) {
        if number.isFinite {
            append(contentsOf: number.description.utf8)
        } else {
            append(jsonString: number.description)
        }
    }
}
