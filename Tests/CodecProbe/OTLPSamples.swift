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
            decode: { bytes throws(SpanDecodingError) in try rounded(OTLPProtobufDecoder.decode(bytes).spans) }
        )
    }

    static var otlpJSON: FuzzedDecoder {
        FuzzedDecoder(
            samples: samples.map { OTLPJSONEncoder.encode($0) },
            marks: Array("[]{}\":,\\u0-9.eE ntf\u{0}".utf8) + [0x80, 0xC3, 0xE2, 0xFF],
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

    private static var samples: [[SpanRecord]] {
        var spans = RandomSpans(seed: 1)
        return (0..<4).map { _ in [spans.openTelemetry(), spans.zipkin()] }
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
