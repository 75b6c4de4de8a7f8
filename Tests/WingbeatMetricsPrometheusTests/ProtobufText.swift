// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Delimited `MetricFamily` messages as text, one field a line, in the style of protoc's text format.
///
/// What does not follow `metrics.proto` shows as a line with a question mark.
func protobufText(_ bytes: [UInt8]) -> String {
    var rest = bytes[...]
    var lines: [String] = []
    while !rest.isEmpty {
        let length = Int(rest.takeVarint())
        describe(rest.take(length), as: "MetricFamily", indent: "", into: &lines)
    }
    return lines.map { $0 + "\n" }.joined()
}

private enum FieldType {
    case text, unsigned, signed, double, packedSigned
    case message(String)
}

/// The part of `io/prometheus/client/metrics.proto` that is used.
private let fields: [String: [UInt64: (name: String, type: FieldType)]] = [
    "MetricFamily": [
        1: ("name", .text), 2: ("help", .text), 3: ("type", .unsigned), 4: ("metric", .message("Metric")),
        5: ("unit", .text),
    ],
    "Metric": [
        1: ("label", .message("LabelPair")), 2: ("gauge", .message("Number")), 3: ("counter", .message("Number")),
        7: ("histogram", .message("Histogram")),
    ],
    "Number": [1: ("value", .double)],
    "LabelPair": [1: ("name", .text), 2: ("value", .text)],
    "Histogram": [
        1: ("sample_count", .unsigned), 2: ("sample_sum", .double), 3: ("bucket", .message("Bucket")),
        5: ("schema", .signed), 6: ("zero_threshold", .double), 7: ("zero_count", .unsigned),
        9: ("negative_span", .message("BucketSpan")), 10: ("negative_delta", .packedSigned),
        12: ("positive_span", .message("BucketSpan")), 13: ("positive_delta", .packedSigned),
    ],
    "Bucket": [
        1: ("cumulative_count", .unsigned), 2: ("upper_bound", .double), 3: ("exemplar", .message("Exemplar")),
    ],
    "BucketSpan": [1: ("offset", .signed), 2: ("length", .unsigned)],
    "Exemplar": [1: ("label", .message("LabelPair")), 2: ("value", .double), 3: ("timestamp", .message("Timestamp"))],
    "Timestamp": [1: ("seconds", .unsigned), 2: ("nanos", .unsigned)],
]

private func describe(_ bytes: ArraySlice<UInt8>, as message: String, indent: String, into lines: inout [String]) {
    var rest = bytes
    while !rest.isEmpty {
        let tag = rest.takeVarint()
        guard let (name, type) = fields[message]?[tag >> 3] else { return lines.append("\(indent)? field \(tag >> 3)") }
        switch (type, tag & 7) {
        case (.unsigned, 0): lines.append("\(indent)\(name): \(rest.takeVarint())")
        case (.signed, 0): lines.append("\(indent)\(name): \(rest.takeSigned())")
        case (.double, 1): lines.append("\(indent)\(name): \(rest.takeDouble())")
        case (.text, 2):
            let text = String(decoding: rest.take(Int(rest.takeVarint())), as: UTF8.self)
            lines.append("\(indent)\(name): \"\(text)\"")
        case (.packedSigned, 2):
            var packed = rest.take(Int(rest.takeVarint()))
            var numbers: [Int64] = []
            while !packed.isEmpty { numbers.append(packed.takeSigned()) }
            lines.append("\(indent)\(name): \(numbers)")
        case (.message(let type), 2):
            lines.append("\(indent)\(name)")
            describe(rest.take(Int(rest.takeVarint())), as: type, indent: indent + "  ", into: &lines)
        default: return lines.append("\(indent)? wire type \(tag & 7) for \(name)")
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func take(_ length: Int) -> ArraySlice<UInt8> {
        defer { self = dropFirst(length) }
        return prefix(length)
    }

    fileprivate mutating func takeVarint() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = popFirst() {
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { break }
            shift += 7
        }
        return value
    }

    fileprivate mutating func takeSigned() -> Int64 {
        let value = takeVarint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    fileprivate mutating func takeDouble() -> Double {
        let bits = take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        return Double(bitPattern: bits)
    }
}
