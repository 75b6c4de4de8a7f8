// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatBytes
import WingbeatCollector
import WingbeatModel

@testable import WingbeatCollectorSQLite

@Suite("Damaged blocks")
struct DamagedBlockTests {
    private let bytes = SpanBlock.pack([everySpanPart] + newTrace() + randomSpans(20, seed: 4)).bytes

    /// Reads all that can be read.
    private func read(_ bytes: [UInt8]) -> Bool {
        do throws(SpanBlob.Damaged) {
            let block = try SpanBlock(bytes)
            _ = try block.spans(ofTrace: 1)
            _ = try block.traces(meeting: .word("http.path"), service: nil)
            _ = try block.traces(meeting: .remoteService("db"), service: "backend")
            _ = try block.spans()
            return true
        } catch {
            return false
        }
    }

    @Test("one byte that changed anywhere is noticed")
    func checksum() {
        #expect(read(bytes))
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x10
            if read(damaged) { Issue.record("a change of byte \(index) went unnoticed") }
        }
    }

    @Test("bytes that are cut off anywhere, and bytes of another format, are damage")
    func truncated() {
        for length in bytes.indices where read(Array(bytes.prefix(length))) {
            Issue.record("cut off after \(length) of \(bytes.count) bytes, spans were found")
        }
        #expect(!read([2] + bytes.dropFirst()))
    }

    @Test("10,000 blocks with damage under a right checksum are read or refused")
    func mutated() {
        var random = SeededGenerator(seed: 1)
        var refused = 0
        for _ in 0..<10_000 {
            var damaged = bytes
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let index = Int.random(in: 5..<bytes.count, using: &random)
                damaged[index] = UInt8.random(in: .min ... .max, using: &random)
            }
            damaged.seal()
            if !read(damaged) { refused += 1 }
        }
        #expect(refused > 1000)
    }

    @Test("10,000 blocks whose inflated parts are damaged are read or refused")
    func mutatedInside() throws {
        let layout = try BlockLayout(bytes)
        let (table, spans) = (try layout.table(), try layout.spans())
        var random = SeededGenerator(seed: 2)
        var refused = 0
        for round in 0..<10_000 {
            var parts = BlockParts()
            parts.spanCount = layout.spanCount
            parts.traces = (0..<layout.traceCount).map { (layout.high($0), layout.low($0)) }
            for span in 0..<layout.spanCount { parts.ids.append(bigEndian: layout.id(span)) }
            parts.table = table
            parts.spans = spans
            if round % 2 == 0 {
                parts.table[Int.random(in: table.indices, using: &random)] = .random(in: .min ... .max, using: &random)
            } else {
                parts.spans[Int.random(in: spans.indices, using: &random)] = .random(in: .min ... .max, using: &random)
            }
            if !read(parts.bytes) { refused += 1 }
        }
        #expect(refused > 1000)
    }

    @Test("counts beyond the bytes are damage, not a reason to reserve memory")
    func hugeCounts() {
        for number in [[0xFF, 0xFF, 0xFF, 0xFF, 0x7F], Array(repeating: UInt8(0xFF), count: 9) + [1]] as [[UInt8]] {
            for place in 5..<13 {
                var damaged = bytes
                damaged.replaceSubrange(place...place, with: number)
                damaged.seal()
                #expect(!read(damaged))
            }
        }
    }

    @Test("random bytes under a right checksum are refused")
    func random() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<10_000 {
            let count = Int.random(in: 5...200, using: &random)
            var bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            bytes[0] = BlockLayout.format
            bytes.seal()
            #expect(!read(bytes))
        }
    }
}
