// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging

extension LogValue {
    /// Any value as text, an error as its description; what is a number or a truth value stays one.
    ///
    /// ```swift
    /// log.error("payment failed", ("error", LogValue(describing: error)))
    /// ```
    public init(describing value: some Any) {
        self = LogValue(convertible: value) ?? .text(String(describing: value))
    }

    /// Nil for what is only text.
    ///
    /// The types are compared one by one, for that is far faster than asking whether a type conforms to a protocol.
    init?<Value>(convertible value: Value) {
        switch Value.self {
        case is Int.Type: self = .integer(Int64(bits(of: value) as Int))
        case is Double.Type: self = .double(bits(of: value))
        case is Bool.Type: self = .bool(bits(of: value))
        case is UInt.Type: self = (bits(of: value) as UInt).logValue
        case is Int64.Type: self = .integer(bits(of: value))
        case is UInt64.Type: self = (bits(of: value) as UInt64).logValue
        case is Int32.Type: self = .integer(Int64(bits(of: value) as Int32))
        case is UInt32.Type: self = .integer(Int64(bits(of: value) as UInt32))
        case is Int16.Type: self = .integer(Int64(bits(of: value) as Int16))
        case is UInt16.Type: self = .integer(Int64(bits(of: value) as UInt16))
        case is Int8.Type: self = .integer(Int64(bits(of: value) as Int8))
        case is UInt8.Type: self = .integer(Int64(bits(of: value) as UInt8))
        case is Float.Type: self = .float(bits(of: value))
        case is LogNull.Type: self = .null
        default: return nil
        }
    }

    init(attributed value: Logger.MetadataValue, _ convertible: any CustomStringConvertible) {
        let text = convertible.description
        self = value.attributes[LogSensitivity.self] == .sensitive ? .sensitive(text) : .text(text)
    }
}

extension Logger.MetadataValue {
    /// The value for swift-log; what is sensitive keeps its attribute.
    init(_ value: LogValue) {
        switch value {
        case .null: self = .stringConvertible(LogNull())
        case .bool(let value): self = .stringConvertible(value)
        case .integer(let value): self = .stringConvertible(value)
        case .unsigned(let value): self = .stringConvertible(value)
        case .double(let value): self = .stringConvertible(value)
        case .float(let value): self = .stringConvertible(value)
        case .text(let text): self = .string(text)
        case .bytes(let bytes): self = .string(String(decoding: bytes, as: UTF8.self))
        case .sensitive(let text): self = .attributed(text, attributes: [LogSensitivity.sensitive])
        case .nested(let value): self = value
        }
    }
}

/// What stands for nothing in swift-log's metadata.
struct LogNull: CustomStringConvertible, Sendable {
    var description: String { "null" }
}

/// Reads a value whose type is known to be another name for `Known`.
@inline(__always)
private func bits<Value, Known: BitwiseCopyable>(of value: Value) -> Known {
    withUnsafeBytes(of: value) { $0.loadUnaligned(as: Known.self) }
}
