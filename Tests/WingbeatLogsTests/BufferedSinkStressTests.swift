// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatLogs

@Suite("A buffer under load")
struct BufferedSinkStressTests {
    @Test("blocking: of 8 threads of 100,000 lines each, every line is there, whole and in its thread's order")
    func block() throws {
        let folder = try TemporaryFolder()
        let outcome = try SinkStress().run(path: "\(folder.path)/log")
        #expect(outcome.kept == 800_000)
        #expect(outcome.wrong == 0)
        #expect(outcome.refused == 0)
        #expect(outcome.lost == 0)
    }

    @Test("dropping: what is in the file and what was refused is all that was offered")
    func drop() throws {
        let folder = try TemporaryFolder()
        var stress = SinkStress()
        (stress.policy, stress.capacity) = (.drop, 32_768)
        let outcome = try stress.run(path: "\(folder.path)/log")
        #expect(outcome.kept + outcome.refused == 800_000)
        #expect(outcome.refused > 0)
        #expect(outcome.wrong == 0)
        #expect(outcome.lost == 0)
    }

    @Test("buffers that go at once write their lines first, on many threads")
    func shortLived() {
        #expect(SinkStress().runShortLived(count: 100) == 0)
    }
}
