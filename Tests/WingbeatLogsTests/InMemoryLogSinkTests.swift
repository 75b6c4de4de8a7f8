// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatLogs

@Suite("The sink in memory")
struct InMemoryLogSinkTests {
    @Test("nothing written, no lines")
    func empty() throws {
        let sink = InMemoryLogSink()
        try sink.write("")
        #expect(sink.lines.isEmpty)
    }

    @Test("lines are kept in order, without their newline")
    func keeps() throws {
        let sink = InMemoryLogSink()
        try sink.write("a\n\n")
        try sink.write("b\n")
        #expect(sink.lines == ["a", "", "b"])
        #expect(sink.lostLines == 0)
    }
}
