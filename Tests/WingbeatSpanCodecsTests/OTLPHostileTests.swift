// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Hostile OTLP costs nothing but its refusal")
struct OTLPHostileTests {
    /// A span with lists in each other, so many deep.
    private func nested(_ depth: Int) -> SpanRecord {
        var value = AttributeValue.array([])
        for _ in 1..<depth { value = .array([value]) }
        var span = SpanRecord(traceID: trace(1), id: spanID(2))
        span.attributes = [Attribute("deep", value)]
        return span
    }

    @Test("a post that is cut off anywhere is refused", arguments: OTLPTestFormat.allCases)
    func truncated(format: OTLPTestFormat) {
        let post = format.encode([fullOTLPSpan])
        #expect(refusal(of: post, as: format) == nil)
        for length in 1..<post.count where refusal(of: Array(post.prefix(length)), as: format) == nil {
            Issue.record("cut off after \(length) bytes, the post was taken")
        }
    }

    @Test(
        "20,000 damaged posts are taken or refused, and what is taken can be written again",
        arguments: OTLPTestFormat.allCases
    )
    func mutated(format: OTLPTestFormat) throws {
        var generator = SeededGenerator(seed: 5)
        let post = format.encode([fullOTLPSpan, SpanRecord(traceID: trace(1), id: spanID(2))])
        var taken = 0
        for _ in 0..<20_000 {
            var bytes = post
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: .min ... .max, using: &generator)
            }
            guard let spans = try? format.decode(bytes).spans else { continue }
            taken += 1
            if taken % 50 == 0 { #expect(try format.roundTrip(spans).count == spans.count) }
        }
        #expect(taken > 1000, "the damage is such that the reader is tried beyond the first mistake")
        #expect(taken < 19_000, "the damage is such that mistakes are made")
    }

    @Test("lists may stand 32 levels deep, not 33", arguments: OTLPTestFormat.allCases)
    func depth(format: OTLPTestFormat) throws {
        #expect(try format.roundTrip([nested(32)]) == [nested(32)])
        #expect(refusal(of: format.encode([nested(33)]), as: format)?.contains("at most 32 levels of values") == true)
    }

    @Test("a length beyond the end, and one beyond any memory, are refused")
    func lengths() {
        #expect(refusal(of: [0x0A, 0x05, 1], as: .protobuf) == "Truncated: length 5 > bytes available 1")
        let huge: [UInt8] = [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
        #expect(refusal(of: huge, as: .protobuf)?.hasPrefix("Truncated: length 18446744073709551615") == true)
    }

    @Test("texts that are not UTF-8 are repaired", arguments: OTLPTestFormat.allCases)
    func notUTF8(format: OTLPTestFormat) throws {
        let span = SpanRecord(traceID: trace(1), id: spanID(2), name: "aQ")
        let bytes = format.encode([span]).map { $0 == UInt8(ascii: "Q") ? 0xFF : $0 }
        #expect(try format.decode(bytes).spans.map(\.name) == ["a\u{FFFD}"])
    }

    @Test("names of enumerations, times below zero, and Base64 that is none are refused")
    func wrongValues() {
        func reason(_ member: String) -> String? {
            let span = #"{"resourceSpans":[{"scopeSpans":[{"spans":[{\#(member)}]}]}]}"#
            return refusal(of: Array(span.utf8), as: .json)
        }
        #expect(reason(#""kind":"SPAN_KIND_SERVER""#)?.contains("expected a whole number") == true)
        #expect(reason(#""startTimeUnixNano":-1"#)?.contains("expected nanoseconds") == true)
        for text in ["A", "AAA=A", "AA==A", "A===", "AA$A"] {
            let value = #""attributes":[{"value":{"bytesValue":"\#(text)"}}]"#
            #expect(reason(value)?.contains("expected bytes in Base64") == true)
        }
    }
}
