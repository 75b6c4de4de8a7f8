// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A typed value of a span's attribute: OpenTelemetry's `AnyValue`.
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
    /// Bytes that are no text.
    case bytes([UInt8])
    /// Named values, in the order in which they came.
    case map([Attribute])
    /// Nothing: OpenTelemetry's value that is not set.
    case empty
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
