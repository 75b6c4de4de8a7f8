// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging

extension LogLine {
    /// Appends a value as JSON.
    @inline(__always)
    public mutating func append(json value: consuming LogValue) {
        switch value {
        case .text(let text), .sensitive(let text): append(json: text)
        case .integer(let number): append(decimal: number)
        case .double(let number) where number.isFinite: append(finite: number, .json)
        case .double(let number): append(quotedNotFinite: number)
        case .bool(let truth): append(truth ? "true" : "false")
        case .null: append("null")
        case .unsigned(let number): append(decimal: number)
        case .float(let number) where number.isFinite: append(finite: number, .json)
        case .float(let number): append(quotedNotFinite: Double(number))
        case .bytes(let bytes): bytes.withUnsafeBufferPointer { append(json: $0) }
        case .nested(let value): append(json: value)
        }
    }

    /// Appends swift-log's value: a list as a list, a dictionary as an object with its keys sorted.
    mutating func append(json value: Logger.MetadataValue) {
        switch value {
        case .string(let text): append(json: text)
        case .stringConvertible: append(json: value.logValue)
        case .array(let values):
            append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(json: value)
            }
            append(UInt8(ascii: "]"))
        case .dictionary(let pairs):
            append(UInt8(ascii: "{"))
            for (index, (key, value)) in pairs.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(json: key)
                append(UInt8(ascii: ":"))
                append(json: value)
            }
            append(UInt8(ascii: "}"))
        }
    }

    /// Appends a text as a JSON string, quotes included.
    @inline(never)
    public mutating func append(json text: String) {
        text.withBytes { append(json: $0) }
    }

    @inline(__always)
    private mutating func append(json text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        append(jsonEscaped: text)
        append(UInt8(ascii: "\""))
    }

    /// Appends the inside of a JSON string.
    @inline(__always)
    mutating func append(jsonEscaped text: UnsafeBufferPointer<UInt8>) {
        if !append(text, unless: \.jsonSpecial) { append(jsonUnusual: text) }
    }

    @inline(never)
    private mutating func append(jsonUnusual text: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < text.count {
            let unit = TextUnit(in: text, at: index)
            if unit.isControl || unit.scalar == quote || unit.scalar == backslash {
                append(escape: unit.scalar)
            } else if unit.isValid {
                append(UnsafeBufferPointer(rebasing: text[index..<(index + unit.length)]))
            } else {
                append("\\ufffd")
            }
            index += unit.length
        }
    }

    private mutating func append(quotedNotFinite number: Double) {
        append(UInt8(ascii: "\""))
        append(notFinite: number)
        append(UInt8(ascii: "\""))
    }
}

extension EightBytes {
    /// What needs a second look: controls, quotes, backslashes, and what is not ASCII.
    fileprivate var jsonSpecial: UInt64 {
        @inline(__always) get {
            has(UInt8(ascii: "\"")) | has(UInt8(ascii: "\\")) | hasLess(than: 0x20) | hasDeleteOrNonASCII
        }
    }
}

private let quote = UInt32(UInt8(ascii: "\""))
private let backslash = UInt32(UInt8(ascii: "\\"))
