// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import WingbeatLogs

/// A buffer of which only a flush or a full piece makes the lines go on.
private func patientSink(to sink: any LogSink) -> BufferedSink {
    BufferedSink(to: sink, configuration: .init(interval: .seconds(3_600), flushTimeout: .seconds(60)))
}

@Suite("Lines through a buffer")
struct BufferedSinkTests {
    @Test("a sink that was never used has nothing to flush and lost nothing")
    func empty() throws {
        let memory = InMemoryLogSink()
        let sink = BufferedSink(to: memory)
        sink.flush()
        try sink.write("", level: .critical)
        #expect(sink.lostLines == 0)
        #expect(memory.lines.isEmpty)
    }

    @Test("lines wait for others, and a flush writes them all in their order")
    func flush() throws {
        let memory = InMemoryLogSink()
        let sink = patientSink(to: memory)
        for number in 0..<1_000 { try sink.write("\(number)\n") }
        #expect(memory.lines.isEmpty)
        sink.flush()
        #expect(memory.lines == (0..<1_000).map(String.init))
        try sink.write("more\n")
        sink.flush()
        #expect(memory.lines.last == "more")
    }

    @Test("a line that nobody flushes is written after the interval")
    func interval() throws {
        let memory = InMemoryLogSink()
        let sink = BufferedSink(to: memory, configuration: .init(interval: .milliseconds(5)))
        for number in 1...3 {
            try sink.write("\(number)\n")
            #expect(eventually { memory.lines.count == number })
        }
    }

    @Test("a full piece is written without waiting for the interval")
    func fullPiece() throws {
        let memory = InMemoryLogSink()
        let sink = patientSink(to: memory)
        let line = String(repeating: "x", count: 1_023) + "\n"
        for _ in 0..<129 { try sink.write(line) }
        #expect(eventually { memory.lines.count == 128 })
        sink.flush()
        #expect(memory.lines.count == 129)
    }

    @Test("a line of the flush level is written, with those before it, when the call returns")
    func flushLevel() throws {
        let memory = InMemoryLogSink()
        let sink = patientSink(to: memory)
        try sink.write("before\n", level: .warning)
        #expect(memory.lines.isEmpty)
        try sink.write("error\n", level: .error)
        #expect(memory.lines == ["before", "error"])
        try sink.write("critical\n", level: .critical)
        #expect(memory.lines.count == 3)
    }

    @Test("without a flush level not even critical lines are hurried")
    func noFlushLevel() throws {
        let memory = InMemoryLogSink()
        let sink = BufferedSink(
            to: memory,
            configuration: .init(interval: .seconds(3_600), flushLevel: nil, flushTimeout: .seconds(60))
        )
        try sink.write("critical\n", level: .critical)
        #expect(memory.lines.isEmpty)
        sink.flush()
        #expect(memory.lines == ["critical"])
    }

    @Test("the other sink is told the highest level of a batch")
    func highestLevel() throws {
        let memory = InMemoryLogSink()
        let inner = patientSink(to: memory)
        let sink = patientSink(to: inner)
        try sink.write("a\n", level: .error)
        #expect(memory.lines == ["a"])
        try sink.write("b\n", level: .info)
        sink.flush()
        #expect(memory.lines == ["a", "b"])
    }

    @Test("lines larger than a piece go through, in their order; larger than the buffer they are an error")
    func largeLines() throws {
        let memory = InMemoryLogSink()
        let configuration = BufferedSink.Configuration(
            capacity: 40_000,
            interval: .seconds(3_600),
            whenFull: .block,
            flushTimeout: .seconds(60)
        )
        let sink = BufferedSink(to: memory, configuration: configuration)
        let lengths = [1, 10_000, 29_000, 5, 39_999]
        for length in lengths { try sink.write(String(repeating: "x", count: length) + "\n") }
        sink.flush()
        #expect(memory.lines.map(\.utf8.count) == lengths)
        let error = sink.error(writing: String(repeating: "x", count: 40_000) + "\n")
        #expect(error == .failed("40001 bytes are larger than the buffer", writtenBytes: 0))
        try sink.write("after\n")
        sink.flush()
        #expect(memory.lines.last == "after")
    }

    @Test("what waits is written when the last reference goes")
    func deinitFlush() throws {
        let memory = InMemoryLogSink()
        try patientSink(to: memory).write("last\n")
        #expect(memory.lines == ["last"])
    }

    @Test("a sink that goes takes its thread and the other sink with it")
    func noLeak() throws {
        weak var inner: InMemoryLogSink?
        for _ in 0..<100 {
            let memory = InMemoryLogSink()
            inner = memory
            try patientSink(to: memory).write("x\n")
        }
        #expect(eventually { inner == nil })
    }

    @Test("what waits is written at the end of the process, and what comes during it")
    func exitFlush() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/log"
        await #expect(processExitsWith: .success) { [path = path as String] in
            // Runs after the sink's own, which is installed by the first line.
            atexit { _ = sinkAtExit.withLock { $0 }?.error(writing: "late\n") }
            let sink = patientSink(to: try FileSink(path: path))
            sinkAtExit.withLock { $0 = sink }
            for number in 0..<100 { try sink.write("\(number)\n") }
            exit(0)
        }
        #expect(try folder.text(of: "log") == (0..<100).map { "\($0)\n" }.joined() + "late\n")
    }
}

private let sinkAtExit = Mutex<BufferedSink?>(nil)
