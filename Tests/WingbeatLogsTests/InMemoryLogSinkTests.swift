// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatLogs

@Suite("The sink in memory")
struct InMemoryLogSinkTests {
    @Test("nothing written, no lines")
    func empty() {
        #expect(InMemoryLogSink().lines.isEmpty)
    }

    @Test("lines are kept in order, without their newline")
    func keeps() {
        let sink = InMemoryLogSink()
        sink.write(Array("a\n".utf8))
        sink.write(Array("b".utf8))
        sink.write([])
        #expect(sink.lines == ["a", "b", ""])
    }
}
