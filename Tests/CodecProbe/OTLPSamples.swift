// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import WingbeatModel
import WingbeatSpanCodecs

extension FuzzedDecoder {
    static var otlpProtobuf: FuzzedDecoder {
        FuzzedDecoder(
            samples: samples.map { OTLPProtobufEncoder.encode($0) },
            marks: [0, 1, 0x0A, 0x0B, 0x0C, 0x12, 0x1A, 0x2A, 0x32, 0x39, 0x4A, 0x5A, 0x6A, 0x7A, 0x7F, 0x80, 0xFF],
            dense: [
                Repeated([0x12, 28] + protobufIDs) { units, _ in protobufField(0x0A, protobufField(0x12, units)) },
                .inProtobufSpan([0x4A, 0]),
                .inProtobufSpan([0x5A, 0]),
            ],
            decode: { bytes throws(SpanDecodingError) in try rounded(OTLPProtobufDecoder.decode(bytes).spans) }
        )
    }

    static var otlpJSON: FuzzedDecoder {
        FuzzedDecoder(
            samples: samples.map { OTLPJSONEncoder.encode($0) },
            marks: Array("[]{}\":,\\u0-9.eE ntf\u{0}".utf8) + [0x80, 0xC3, 0xE2, 0xFF],
            dense: [
                .json(jsonHead, jsonIDs + "}", "]}]}]}"),
                .json(jsonHead + jsonIDs + #","attributes":["#, "{}", "]}]}]}]}"),
                .json(jsonHead + jsonIDs + #","events":["#, "{}", "]}]}]}]}"),
            ],
            decode: { bytes throws(SpanDecodingError) in try rounded(OTLPJSONDecoder.decode(bytes).spans) }
        )
    }

    /// The longest durations, rounded to Zipkin's microseconds, would be longer than a reader of these can say.
    private static func rounded(_ spans: [SpanRecord]) -> [SpanRecord] {
        spans.map { span in
            var span = span
            span.durationNanoseconds = min(span.durationNanoseconds, .max - 1000)
            return span
        }
    }

    private static let jsonHead = #"{"resourceSpans":[{"scopeSpans":[{"spans":["#
    private static let jsonIDs = #"{"traceId":"00000000000000000000000000000001","spanId":"0000000000000001""#

    private static var samples: [[SpanRecord]] {
        var spans = RandomSpans(seed: 1)
        return (0..<4).map { _ in [spans.openTelemetry(), spans.zipkin()] }
    }
}

/// The ids of a span, 28 bytes.
private let protobufIDs: [UInt8] =
    [0x0A, 16] + Array(repeating: 1, count: 16) + [0x12, 8] + Array(repeating: 1, count: 8)

/// A field with its tag and its length.
private func protobufField(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    var length: [UInt8] = []
    var rest = content.count
    while rest >= 0x80 {
        length.append(UInt8(rest & 0x7F) | 0x80)
        rest >>= 7
    }
    return [tag] + length + [UInt8(rest)] + content
}

extension Repeated {
    fileprivate static func inProtobufSpan(_ unit: [UInt8]) -> Repeated {
        Repeated(unit) { units, _ in
            protobufField(0x0A, protobufField(0x12, protobufField(0x12, protobufIDs + units)))
        }
    }
}

/// `CodecProbe random <encoder> <count of spans> <seed>`: writes random spans of OpenTelemetry to standard output.
enum RandomProbe {
    static func run(_ arguments: [String]) throws {
        guard arguments.count == 3, let encode = CodecProbe.encoders[arguments[0]], let count = Int(arguments[1]),
            let seed = UInt64(arguments[2])
        else { throw Failure("expected \(CodecProbe.encoders.keys.sorted()) <count> <seed>") }
        var spans = RandomSpans(seed: seed)
        FileHandle.standardOutput.write(Data(encode((0..<count).map { _ in spans.openTelemetry() })))
    }
}
