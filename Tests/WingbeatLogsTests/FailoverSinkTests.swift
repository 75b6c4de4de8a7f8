// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import WingbeatLogs

@Suite("Lines to the first sink that takes them")
struct FailoverSinkTests {
    @Test("without sinks no line is taken")
    func empty() {
        #expect(FailoverSink([]).error(writing: "a\n") == .failed("there is no sink", writtenBytes: 0))
        #expect(FailoverSink([]).lostLines == 0)
    }

    @Test("the second gets nothing while the first takes the lines")
    func firstTakes() throws {
        let (first, second) = (InMemoryLogSink(), InMemoryLogSink())
        try FailoverSink([first, second]).write("a\nb\n")
        #expect(first.lines == ["a", "b"])
        #expect(second.lines.isEmpty)
    }

    @Test("the next gets the lines of one that fails or is full")
    func firstFails() throws {
        let last = InMemoryLogSink()
        try FailoverSink([FakeFailingSink(), FakeFullSink(), last]).write("a\nb\n")
        #expect(last.lines == ["a", "b"])
    }

    @Test(
        "one that fails in the middle keeps its whole lines; the next gets them from the first broken one on",
        arguments: [
            (0, ["abc", "def", "ghi"]), (3, ["abc", "def", "ghi"]), (4, ["def", "ghi"]), (9, ["ghi"]), (12, []),
        ]
    )
    func midBatch(bytes: Int, expected: [String]) throws {
        let first = FakeFailingSink(bytesPerCall: bytes)
        let last = InMemoryLogSink()
        try FailoverSink([first, last]).write("abc\ndef\nghi\n")
        #expect(last.lines == expected)
        #expect(first.kept.withLock { $0 } == "abc\ndef\nghi\n".prefix(bytes))
    }

    @Test("when none takes all lines, the error says how many bytes all together took")
    func allFail() {
        let text = "abc\ndef\nghi\n"
        let broken = FailoverSink([FakeFailingSink(bytesPerCall: 5), FakeFailingSink(bytesPerCall: 6)])
        #expect(broken.error(writing: text) == .failed("it broke", writtenBytes: 10))
        let full = FailoverSink([FakeFailingSink(bytesPerCall: 5), FakeFullSink()])
        #expect(full.error(writing: text) == .failed("there is no room", writtenBytes: 4))
        #expect(FailoverSink([FakeFailingSink(), FakeFullSink()]).error(writing: text) == .full)
    }

    @Test("the first is asked again each time: a pipe that was full takes lines when it was read")
    func returns() throws {
        let pipe = try TestPipe()
        pipe.doNotWait()
        let spare = InMemoryLogSink()
        let sink = FailoverSink([StandardStreamSink(descriptor: pipe.writing), spare])
        let line = String(repeating: "x", count: 1_023) + "\n"
        var written = 0
        while spare.lines.isEmpty, written < 100_000 {
            try sink.write(line)
            written += 1
        }
        #expect(spare.lines == [String(line.dropLast())])
        let kept = pipe.read(count: (written - 1) * line.utf8.count)
        #expect(kept.count == (written - 1) * line.utf8.count)
        try sink.write("back\n")
        #expect(pipe.read(count: 5) == Array("back\n".utf8))
        pipe.closeWriting()
        pipe.closeReading()
    }

    @Test("a flush and the lost lines are those of all")
    func passesOn() throws {
        let memory = InMemoryLogSink()
        let buffers = [FakeFailingSink() as any LogSink, memory].map { sink in
            BufferedSink(to: sink, configuration: .init(interval: .seconds(3_600), flushTimeout: .seconds(60)))
        }
        let sink = FailoverSink(buffers)
        try buffers[1].write("kept\n")
        try sink.write("a\nb\n")
        sink.flush()
        #expect(memory.lines == ["kept"])
        #expect(sink.lostLines == 2)
    }
}
