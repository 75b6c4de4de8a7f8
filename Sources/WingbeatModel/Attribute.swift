// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A typed value of a span's attribute: OpenTelemetry's `AnyValue` without maps.
public enum AttributeValue: Hashable, Sendable {
    /// Text.
    case string(String)
    /// True or false.
    case bool(Bool)
    /// A signed 64-bit number.
    case int(Int64)
    /// A binary floating-point number.
    case double(Double)
    /// A list of values.
    case array([AttributeValue])
}

/// A key and its value.
public struct Attribute: Hashable, Sendable {
    /// The key, for example `http.route`.
    public var key: String
    /// The value.
    public var value: AttributeValue

    /// An attribute with a typed value.
    public init(_ key: String, _ value: AttributeValue) {
        self.key = key
        self.value = value
    }

    /// An attribute with a text.
    public init(_ key: String, _ value: String) {
        self.init(key, .string(value))
    }
}

extension AttributeValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// True or false.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// A floating-point number.
    public init(floatLiteral value: Double) { self = .double(value) }
}

extension AttributeValue: CustomStringConvertible {
    /// The value as Zipkin's tags show it: texts as they are, numbers in decimal, lists as JSON.
    public var description: String {
        switch self {
        case .string(let text): text
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .double(let value): String(value)
        case .array(let values): "[" + values.map(\.jsonDescription).joined(separator: ",") + "]"
        }
    }

    private var jsonDescription: String {
        if case .double(let value) = self, !value.isFinite { return "\"\(value)\"" }
        guard case .string(let text) = self else { return description }
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\" + String(scalar)
            case _ where scalar.value < 0x20:
                "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
