// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCompression

@Suite("The limit of what gzip may inflate to")
struct GzipLimitTests {
    @Test("a limit of nothing lets nothing through, and refuses the first byte")
    func zero() throws {
        #expect(try Gzip.decompress(Gzip.compress([]), limit: 0).isEmpty)
        let one = try Gzip.compress([1])
        #expect(throws: CompressionError.tooLarge(limit: 0)) { try Gzip.decompress(one, limit: 0) }
    }

    @Test(
        "a limit may be reached exactly and not exceeded by one",
        arguments: [1, 10, 65_535, 65_536, 65_537, 131_072, 500_000]
    )
    func exact(count: Int) throws {
        let text = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let compressed = try Gzip.compress(text)
        #expect(try Gzip.decompress(compressed, limit: count) == text)
        #expect(try Gzip.decompress(compressed, limit: .max) == text)
        #expect(throws: CompressionError.tooLarge(limit: count - 1)) {
            try Gzip.decompress(compressed, limit: count - 1)
        }
    }

    @Test("the limit is for all streams together")
    func acrossMembers() throws {
        let member = try Gzip.compress([UInt8](repeating: 1, count: 100))
        let three = member + member + member
        #expect(try Gzip.decompress(three, limit: 300).count == 300)
        #expect(throws: CompressionError.tooLarge(limit: 299)) { try Gzip.decompress(three, limit: 299) }
    }

    @Test("a bomb is refused after its first bytes, however large it would be")
    func bomb() throws {
        let member = try Gzip.compress([UInt8](repeating: 0, count: 1 << 20))
        let bomb = [[UInt8]](repeating: member, count: 256).flatMap { $0 }
        #expect(throws: CompressionError.tooLarge(limit: 1_000)) { try Gzip.decompress(bomb, limit: 1_000) }
    }
}
