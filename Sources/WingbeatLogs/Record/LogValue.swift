// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging

/// A value of a pair, as an encoder finds it: numbers and truth values are kept as such.
public enum LogValue: Sendable {
    /// Nothing: `null` in every format.
    case null
    /// A truth value.
    case bool(Bool)
    /// A whole number.
    case integer(Int64)
    /// A whole number beyond the largest signed one.
    case unsigned(UInt64)
    /// A floating-point number, infinities and NaN included.
    case double(Double)
    /// A number with the digits of a `Float`: 0.1, not 0.10000000149011612.
    case float(Float)
    /// Text.
    case text(String)
    /// Text in bytes that may not be UTF-8: each byte that belongs to no character is shown as U+FFFD.
    case bytes([UInt8])
    /// Text that is shown only by a pipeline whose ``LogRedaction`` allows it.
    case sensitive(String)
    /// A list or a dictionary.
    indirect case nested(Logger.MetadataValue)
}

/// What can stand in a pair of a ``StructuredLogger``.
public protocol LogValueConvertible {
    /// The value as encoders know it. Asked once for each output that the line goes to.
    var logValue: LogValue { get }
}

extension LogValue: LogValueConvertible {
    /// Itself.
    public var logValue: LogValue { self }
}

extension String: LogValueConvertible {
    /// Text.
    @inlinable
    public var logValue: LogValue { .text(self) }
}

extension Substring: LogValueConvertible {
    /// Text.
    public var logValue: LogValue { .text(String(self)) }
}

extension Bool: LogValueConvertible {
    /// A truth value.
    @inlinable
    public var logValue: LogValue { .bool(self) }
}

extension Double: LogValueConvertible {
    /// A number.
    @inlinable
    public var logValue: LogValue { .double(self) }
}

extension Float: LogValueConvertible {
    /// A number.
    @inlinable
    public var logValue: LogValue { .float(self) }
}

extension LogValueConvertible where Self: FixedWidthInteger & SignedInteger {
    /// A whole number; one of more than 64 bits is text.
    @inlinable
    public var logValue: LogValue { Int64(exactly: self).map { .integer($0) } ?? .text(String(self)) }
}

extension LogValueConvertible where Self: FixedWidthInteger & UnsignedInteger {
    /// A whole number; one of more than 64 bits is text.
    @inlinable
    public var logValue: LogValue {
        if let number = Int64(exactly: self) { return .integer(number) }
        return UInt64(exactly: self).map { .unsigned($0) } ?? .text(String(self))
    }
}

extension Int: LogValueConvertible {}
extension Int8: LogValueConvertible {}
extension Int16: LogValueConvertible {}
extension Int32: LogValueConvertible {}
extension Int64: LogValueConvertible {}
extension UInt: LogValueConvertible {}
extension UInt8: LogValueConvertible {}
extension UInt16: LogValueConvertible {}
extension UInt32: LogValueConvertible {}
extension UInt64: LogValueConvertible {}

extension Optional: LogValueConvertible where Wrapped: LogValueConvertible {
    /// The value, or ``LogValue/null``.
    @inlinable
    public var logValue: LogValue { self?.logValue ?? .null }
}

extension Array: LogValueConvertible where Element: LogValueConvertible {
    /// A list.
    public var logValue: LogValue { .nested(.array(map { Logger.MetadataValue($0.logValue) })) }
}

extension Dictionary: LogValueConvertible where Key == String, Value: LogValueConvertible {
    /// A dictionary.
    public var logValue: LogValue { .nested(.dictionary(mapValues { Logger.MetadataValue($0.logValue) })) }
}

extension Logger.MetadataValue: LogValueConvertible {
    /// The value; numbers and truth values in `.stringConvertible` are kept as such, and a value with the attribute
    /// ``LogSensitivity/sensitive`` is ``LogValue/sensitive(_:)``.
    public var logValue: LogValue {
        switch self {
        case .string(let text): .text(text)
        case .stringConvertible(let value): LogValue(convertible: value) ?? LogValue(attributed: self, value)
        case .array, .dictionary: .nested(self)
        }
    }
}
