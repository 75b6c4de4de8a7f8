// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatCompression

@Suite("Damaged gzip")
struct GzipDamageTests {
    private let sample = Array("The quick brown fox jumps over the lazy dog, again and again and again.\n".utf8)

    @Test("no bytes at all are no stream")
    func empty() {
        #expect(throws: CompressionError.malformed) { try Gzip.decompress([], limit: 100) }
    }

    @Test("a stream that ends early is refused, wherever it ends")
    func truncation() throws {
        let compressed = try Gzip.compress(sample)
        for length in 0..<compressed.count {
            #expect(throws: CompressionError.malformed, "cut at \(length)") {
                try Gzip.decompress(Array(compressed[..<length]), limit: 1_000)
            }
        }
        #expect(try Gzip.decompress(compressed, limit: 1_000) == sample)
    }

    @Test("a large stream that ends early is refused, although much of it was readable")
    func truncationOfLargeStreams() throws {
        let large = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 / 3 ^ $0 >> 9) }
        let compressed = try Gzip.compress(large)
        let tail = (1...40).map { compressed.count - $0 }
        for length in stride(from: 0, to: compressed.count, by: max(compressed.count / 50, 1)) + tail {
            #expect(throws: CompressionError.malformed, "cut at \(length)") {
                try Gzip.decompress(Array(compressed[..<length]), limit: large.count)
            }
        }
    }

    @Test("a second stream that ends early is refused; where it has not begun the first one stands")
    func truncationOfSecondMember() throws {
        let first = try Gzip.compress(sample)
        let both = try first + Gzip.compress(Array("second".utf8))
        #expect(try Gzip.decompress(Array(both[..<first.count]), limit: 1_000) == sample)
        for length in (first.count + 1)..<both.count {
            #expect(throws: CompressionError.malformed, "cut at \(length)") {
                try Gzip.decompress(Array(both[..<length]), limit: 1_000)
            }
        }
    }

    @Test("bytes after the stream that are no stream are refused", arguments: [[0], [0x1F], Array("plain text".utf8)])
    func garbageBehind(_ garbage: [UInt8]) throws {
        let compressed = try Gzip.compress(sample)
        #expect(throws: CompressionError.malformed) { try Gzip.decompress(compressed + garbage, limit: 1_000) }
    }

    @Test("what is not gzip is refused", arguments: ["a", "plain text", "{\"json\":true}", "\u{1F}\u{8B}"])
    func notGzip(_ text: String) {
        #expect(throws: CompressionError.malformed) { try Gzip.decompress(Array(text.utf8), limit: 1_000) }
    }

    @Test("zlib's own wrapping is not gzip")
    func zlibWrapping() {
        // python: zlib.compress(b"")
        let wrapped: [UInt8] = [0x78, 0x9C, 3, 0, 0, 0, 0, 1]
        #expect(throws: CompressionError.malformed) { try Gzip.decompress(wrapped, limit: 1_000) }
    }

    @Test("a flipped bit in the checksum or the length is noticed")
    func checksum() throws {
        let compressed = try Gzip.compress(sample)
        for index in (compressed.count - 8)..<compressed.count {
            var damaged = compressed
            damaged[index] ^= 1
            #expect(throws: CompressionError.malformed, "byte \(index)") { try Gzip.decompress(damaged, limit: 1_000) }
        }
    }

    @Test("a flipped bit anywhere gives the sample or an error, never other bytes")
    func flippedBits() throws {
        let compressed = try Gzip.compress(sample)
        for index in compressed.indices {
            for bit in 0..<8 {
                var damaged = compressed
                damaged[index] ^= 1 << UInt8(bit)
                guard let inflated = try? Gzip.decompress(damaged, limit: 10_000) else { continue }
                #expect(inflated == sample, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test("random bytes are refused, and nothing traps")
    func noise() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            let count = Int.random(in: 1...200, using: &generator)
            let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(throws: CompressionError.self) { try Gzip.decompress(noise, limit: 10_000) }
            #expect(throws: CompressionError.self) { try Gzip.decompress([0x1F, 0x8B, 8] + noise, limit: 10_000) }
        }
    }
}
