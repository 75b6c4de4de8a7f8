// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Hostile posts cost nothing but their refusal")
struct HostilePostTests {
    private static let post = ZipkinJSONEncoder.encode([fullSpan, fullSpan])

    @Test("a post that is cut off anywhere is refused")
    func truncated() {
        #expect(refusal(of: Self.post) == nil)
        for length in Self.post.indices where refusal(of: Array(Self.post.prefix(length))) == nil {
            Issue.record("cut off after \(length) bytes, the post was taken")
        }
    }

    @Test("100,000 damaged posts are taken or refused, and what is taken can be written again")
    func mutated() throws {
        var generator = SeededGenerator(seed: 20_261_121)
        let post = ZipkinJSONEncoder.encode([fullSpan])
        var taken = 0
        for _ in 0..<100_000 {
            var bytes = post
            for _ in 0...Int.random(in: 0..<3, using: &generator) { Self.damage(&bytes, &generator) }
            guard let spans = try? ZipkinJSONDecoder.decode(bytes) else { continue }
            taken += 1
            if taken % 100 == 0 {
                let written = ZipkinJSONEncoder.encode(spans)
                #expect(try ZipkinJSONEncoder.encode(ZipkinJSONDecoder.decode(written)) == written)
            }
        }
        #expect(taken > 1000, "the damage is such that the reader is tried beyond the first mistake")
        #expect(taken < 90_000, "the damage is such that mistakes are made")
    }

    private static func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard let index = bytes.indices.randomElement(using: &generator) else { return }
        let marks = Array("[]{}\":,\\u0-9.eE ntf\u{0}".utf8) + [0x80, 0xC3, 0xE2, 0xFF]
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
        case 1: bytes[index] = marks.randomElement(using: &generator) ?? 0
        case 2: bytes.remove(at: index)
        case 3: bytes.insert(marks.randomElement(using: &generator) ?? 0, at: index)
        default:
            let end = min(index + Int.random(in: 1..<40, using: &generator), bytes.count)
            bytes.insert(contentsOf: bytes[index..<end], at: index)
        }
    }

    @Test("100,000 brackets are refused, as the list, in an unknown field, and as objects")
    func nesting() {
        let brackets = String(repeating: "[", count: 100_000)
        #expect(
            refusal(of: brackets) == "Malformed reading List<Span> from json: expected '{' at byte 1, but found \"[\""
        )
        let deep = "expected at most 64 levels of nesting"
        #expect(refusal(of: span(#""x":"# + brackets))?.contains(deep) == true)
        let objects = String(repeating: #"{"a":"#, count: 100_000)
        #expect(refusal(of: span(#""x":"# + objects))?.contains(deep) == true)
    }

    @Test("an unknown field may be nested 64 levels deep, not 65")
    func deepestNesting() {
        func nested(_ depth: Int) -> String {
            span(#""x":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
        }
        #expect(refusal(of: nested(64)) == nil)
        #expect(refusal(of: nested(65)) != nil)
    }

    @Test("bytes that are not UTF-8 become U+FFFD")
    func notUTF8() throws {
        let bytes = Array(#"[{"traceId":"1","id":"2","name":"a"#.utf8) + [0xFF, 0xC3] + Array(#""}]"#.utf8)
        #expect(try ZipkinJSONDecoder.decode(bytes).map(\.name) == ["a\u{FFFD}\u{FFFD}"])
    }
}
