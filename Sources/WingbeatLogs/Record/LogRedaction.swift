// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging

/// What must not be read in a log: values by their key, and values that say so themselves.
public struct LogRedaction: Sendable {
    /// Keys whose values are replaced, whatever the case of their ASCII letters. A key also stands for the last parts of
    /// a dotted one: `password` for `user.password`. Keys of nested dictionaries count as dotted ones.
    public var keys: [String]
    /// What stands in place of a value.
    public var replacement = "[redacted]"
    /// Shows what is marked as ``LogSensitivity/sensitive`` all the same, as in development.
    public var showsSensitive = false

    /// Replaces the values of these keys, and what is marked as sensitive.
    public init(keys: [String] = []) {
        self.keys = keys
    }

    /// The value, or what stands in its place.
    func applied(to value: LogValue, of key: LogKey) -> LogValue {
        if hides(key.utf8) { return .text(replacement) }
        switch value {
        case .sensitive(let text): return .text(showsSensitive ? text : replacement)
        case .nested(let value): return .nested(applied(to: value, at: Array(key.utf8)))
        default: return value
        }
    }

    private func applied(to value: Logger.MetadataValue, at path: [UInt8]) -> Logger.MetadataValue {
        switch value {
        case .string: value
        case .stringConvertible: Logger.MetadataValue(applied(to: value.logValue, of: ""))
        case .array(let values): .array(values.map { applied(to: $0, at: path) })
        case .dictionary(let pairs):
            .dictionary(
                Dictionary(
                    uniqueKeysWithValues: pairs.map { key, value in
                        let path = path + [UInt8(ascii: ".")] + Array(key.utf8)
                        return (key, hides(path) ? .string(replacement) : applied(to: value, at: path))
                    }
                )
            )
        }
    }

    private func hides(_ key: some BidirectionalCollection<UInt8>) -> Bool {
        keys.contains { hidden in
            let key = key.suffix(hidden.utf8.count + 1)
            let name = key.count > hidden.utf8.count && key.first == UInt8(ascii: ".") ? key.dropFirst() : key
            return name.count == hidden.utf8.count
                && zip(name, hidden.utf8).allSatisfy { lowercased($0) == lowercased($1) }
        }
    }

    private func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension LogValue {
    /// Whether there may be something in it that is marked as sensitive.
    var mayHide: Bool {
        @inline(__always) get {
            switch self {
            case .sensitive, .nested: true
            default: false
            }
        }
    }
}

/// Marks a value of swift-log's metadata as not for everybody's eyes:
///
/// ```swift
/// logger.info("signed in", metadata: ["email": "\(email, attributes: [LogSensitivity.sensitive])"])
/// ```
public enum LogSensitivity: Int64, Logger.MetadataValueAttributes.Attribute {
    /// Shown to everybody.
    case open = 0
    /// Replaced by ``LogRedaction/replacement``.
    case sensitive = 1
}

/// Marks a value of a ``StructuredLogger``'s pair as not for everybody's eyes: `("email", Sensitive(email))`.
public struct Sensitive<Value: CustomStringConvertible>: LogValueConvertible {
    private let value: Value

    /// The value, marked.
    public init(_ value: Value) {
        self.value = value
    }

    /// The value as text, marked.
    public var logValue: LogValue { .sensitive(value.description) }
}

extension Sensitive: Sendable where Value: Sendable {}
