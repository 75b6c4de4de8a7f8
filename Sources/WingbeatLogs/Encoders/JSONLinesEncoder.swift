// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import WingbeatBytes
import WingbeatModel

/// Writes each record as one JSON object on one line: `ts`, `level`, `logger`, `msg`, `trace_id`, `span_id`, then the
/// pairs by key.
///
/// Whole numbers, floating-point numbers and truth values that were given to swift-log as such stay such; a number
/// that JSON cannot say (NaN, an infinity) is a string. A pair whose key is one of the fixed ones is left out.
public struct JSONLinesEncoder: LogEncoder {
    /// The encoder has no settings.
    public init() {}

    /// Appends the record as one line.
    public func encode(_ record: LogRecord, into bytes: inout [UInt8]) {
        bytes.append(literal: "{\"ts\":\"")
        bytes.append(rfc3339: record.nanoseconds)
        bytes.append(literal: "\",\"level\":\"")
        bytes.append(text: record.level.rawValue)
        bytes.append(literal: "\",\"logger\":")
        bytes.append(jsonString: record.label)
        bytes.append(literal: ",\"msg\":")
        bytes.append(jsonString: record.message)
        if let trace = record.trace {
            bytes.append(literal: ",\"trace_id\":\"")
            bytes.append(text: trace.traceID.hex)
            bytes.append(literal: "\",\"span_id\":\"")
            bytes.append(text: trace.spanID.hex)
            bytes.append(UInt8(ascii: "\""))
        }
        for (key, value) in record.metadata where !record.isFixed(key) {
            bytes.append(UInt8(ascii: ","))
            bytes.append(jsonString: key)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(jsonMetadata: value)
        }
        bytes.append(literal: "}\n")
    }
}

extension [UInt8] {
    mutating func append(jsonMetadata value: Logger.Metadata.Value) {
        switch value {
        case .string(let text): append(jsonString: text)
        case .stringConvertible(let value): append(jsonConvertible: value)
        case .array(let values):
            append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(jsonMetadata: value)
            }
            append(UInt8(ascii: "]"))
        case .dictionary(let pairs):
            append(UInt8(ascii: "{"))
            for (index, (key, value)) in pairs.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(jsonString: key)
                append(UInt8(ascii: ":"))
                append(jsonMetadata: value)
            }
            append(UInt8(ascii: "}"))
        }
    }

    private mutating func append(jsonConvertible value: any CustomStringConvertible & Sendable) {
        switch value {
        case let number as any BinaryInteger: append(text: String(number))
        case let truth as Bool: append(text: truth ? "true" : "false")
        case let number as Double where number.isFinite: append(double: number)
        case let number as Float where number.isFinite: append(text: number.description)
        default: append(jsonString: value.description)
        }
    }
}
