// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import WingbeatBytes
import WingbeatModel

/// Writes `ts=… level=info logger=checkout msg="order placed" trace_id=… span_id=… id=42`.
///
/// Quoting and escaping are those of go-logfmt 0.6.1: a value is quoted when it holds a control character, a space,
/// `=`, `"`, DEL or U+FFFD, or when it is the word `null`; an empty value has nothing after its `=`.
/// The same characters are left out of keys; a key of which nothing remains is `_`. A pair whose key is then one of
/// the fixed ones is left out. A nested dictionary becomes pairs with dotted keys; a list becomes JSON text.
public struct LogfmtEncoder: LogEncoder {
    /// The encoder has no settings.
    public init() {}

    /// Appends the record as one line.
    public func encode(_ record: LogRecord, into bytes: inout [UInt8]) {
        bytes.append(literal: "ts=")
        bytes.append(rfc3339: record.nanoseconds)
        bytes.append(literal: " level=")
        bytes.append(text: record.level.rawValue)
        bytes.append(logfmtKey: "logger", value: record.label)
        bytes.append(logfmtKey: "msg", value: record.message)
        if let trace = record.trace {
            bytes.append(logfmtKey: "trace_id", value: trace.traceID.hex)
            bytes.append(logfmtKey: "span_id", value: trace.spanID.hex)
        }
        for (key, value) in record.metadata { append(key, value, of: record, to: &bytes) }
        bytes.append(UInt8(ascii: "\n"))
    }

    private func append(
        _ key: String,
        _ value: Logger.Metadata.Value,
        of record: LogRecord,
        to bytes: inout [UInt8]
    ) {
        switch value {
        case .string(let text):
            append(key, text, of: record, to: &bytes)
        case .stringConvertible(let value):
            append(key, value.description, of: record, to: &bytes)
        case .dictionary(let pairs):
            for (name, value) in pairs.sorted(by: { $0.key < $1.key }) {
                append("\(key).\(name)", value, of: record, to: &bytes)
            }
        case .array:
            var json: [UInt8] = []
            json.append(jsonMetadata: value)
            append(key, String(decoding: json, as: UTF8.self), of: record, to: &bytes)
        }
    }

    private func append(_ key: String, _ text: String, of record: LogRecord, to bytes: inout [UInt8]) {
        let key = cleaned(key)
        if !record.isFixed(key) { bytes.append(logfmtKey: key, value: text) }
    }

    private func cleaned(_ key: String) -> String {
        guard key.isEmpty || key.unicodeScalars.contains(where: isSpecial) else { return key }
        let rest = key.unicodeScalars.filter { !isSpecial($0) }
        return rest.isEmpty ? "_" : String(rest)
    }
}

/// True for what go-logfmt quotes in values and refuses in keys.
private func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value <= 0x20 || scalar == "=" || scalar == "\"" || scalar.value == 0x7F || scalar.value == 0xFFFD
}

extension [UInt8] {
    fileprivate mutating func append(logfmtKey key: String, value: String) {
        append(UInt8(ascii: " "))
        append(text: key)
        append(UInt8(ascii: "="))
        append(logfmtValue: value)
    }

    private mutating func append(logfmtValue text: String) {
        guard text == "null" || text.unicodeScalars.contains(where: isSpecial) else {
            return append(text: text)
        }
        append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars { append(logfmtEscaped: scalar) }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(logfmtEscaped scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": append(literal: "\\\"")
        case "\\": append(literal: "\\\\")
        case "\n": append(literal: "\\n")
        case "\r": append(literal: "\\r")
        case "\t": append(literal: "\\t")
        case "\u{FFFD}": append(literal: "\\ufffd")
        case _ where scalar.value < 0x20 || scalar.value == 0x7F:
            append(literal: "\\u00")
            append(contentsOf: [scalar.value >> 4, scalar.value & 0xF].map { Array("0123456789abcdef".utf8)[Int($0)] })
        default: append(contentsOf: Unicode.UTF8.encode(scalar) ?? Unicode.UTF8.encodedReplacementCharacter)
        }
    }
}
