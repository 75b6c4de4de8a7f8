// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatCompression

@Suite("gzip, there and back")
struct GzipRoundTripTests {
    @Test("nothing compresses to a valid stream that inflates to nothing")
    func empty() throws {
        let compressed = try Gzip.compress([])
        #expect(compressed.starts(with: [0x1F, 0x8B, 8]))
        #expect(try Gzip.decompress(compressed, limit: 0).isEmpty)
    }

    @Test("bytes come back, whatever their number", arguments: [1, 2, 100, 65_535, 65_536, 65_537, 1_000_000])
    func sizes(count: Int) throws {
        let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let compressed = try Gzip.compress(text)
        #expect(try Gzip.decompress(compressed, limit: count) == text)
        if count >= 65_535 { #expect(compressed.count < count / 10) }
    }

    @Test("bytes without any pattern come back too, and grow by little")
    func incompressible() throws {
        var generator = SeededGenerator(seed: 7)
        for count in [1, 1_000, 65_536, 300_000] {
            let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let compressed = try Gzip.compress(noise)
            #expect(compressed.count < count + count / 100 + 64)
            #expect(try Gzip.decompress(compressed, limit: count) == noise)
        }
    }

    @Test("a megabyte of one byte is small, and inflates in several steps")
    func repetition() throws {
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        let compressed = try Gzip.compress(zeros)
        #expect(compressed.count < 10_000)
        #expect(try Gzip.decompress(compressed, limit: 1 << 20) == zeros)
    }

    @Test("streams that follow each other inflate to their texts, one after the other")
    func severalMembers() throws {
        let parts = ["one,", "", "two,", String(repeating: "three", count: 20_000), ""]
        let compressed = try parts.flatMap { try Gzip.compress(Array($0.utf8)) }
        let expected = Array(parts.joined().utf8)
        #expect(try Gzip.decompress(compressed, limit: expected.count) == expected)
    }

    @Test("a stream that another program made can be read")
    func foreignStream() throws {
        // printf 'hello\n' | gzip -9 --name, with the file name "greeting" in the header
        let header: [UInt8] = [0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 2, 3] + Array("greeting\0".utf8)
        let body: [UInt8] = [0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0xE7, 2, 0]
        let trailer: [UInt8] = [0x20, 0x30, 0x3A, 0x36, 6, 0, 0, 0]
        #expect(try Gzip.decompress(header + body + trailer, limit: 100) == Array("hello\n".utf8))
    }
}
