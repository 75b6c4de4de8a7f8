// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import WingbeatMetricsProcess

@Suite("/proc/self/stat")
struct ProcessStatusTests {
    static let rest =
        " S 1 2 3 0 -1 4194560 30 0 0 0 7 8 0 0 20 0 12 0 161919 4096000 388 18446744073709551615 1 1 0 0 0 0 0\n"

    private func read(_ text: String) -> ProcessStatus? {
        ProcessStatus(Array(text.utf8), ticksPerSecond: 100, pageBytes: 4096)
    }

    @Test(
        "whatever the program is called, the fields are found",
        arguments: ["cat", "two words", "a) b (c", ") S 1 2", "(((", ")))", "\n", ""]
    )
    func name(_ name: String) throws {
        let status = try #require(read("4711 (\(name))" + Self.rest))
        #expect(status.threads == 12)
        #expect(status.startSinceBoot == 1619.19)
        #expect(status.virtualBytes == 4_096_000)
        #expect(status.residentBytes == 388 * 4096)
    }

    @Test(
        "what is not such a line is not understood",
        arguments: ["", ")", "1 (cat", "1 (cat) S 1 2 3", "1 (x) " + String(repeating: "- ", count: 50)]
    )
    func malformed(_ text: String) {
        #expect(read(text) == nil)
    }

    @Test("no beginning of the line, and no damage to it, does harm")
    func damage() {
        let line = Array(("4711 (cat)" + Self.rest).utf8)
        for length in 0..<line.count {
            _ = ProcessStatus(Array(line[..<length]), ticksPerSecond: 100, pageBytes: 4096)
        }
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            var damaged = line
            for _ in 0..<3 {
                damaged[Int.random(in: damaged.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            let status = ProcessStatus(damaged, ticksPerSecond: 100, pageBytes: 4096)
            #expect(status.map { $0.threads.isFinite && $0.residentBytes.isFinite } != false)
        }
    }
}
