// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import WingbeatLogs

@Suite("Lines to a stream")
struct StandardStreamSinkTests {
    @Test("an empty line is no loss and writes nothing")
    func empty() throws {
        let pipe = try TestPipe()
        let sink = StandardStreamSink(descriptor: pipe.writing)
        try sink.write("")
        #expect(sink.lostLines == 0)
        pipe.closeWriting()
        #expect(pipe.readToEnd().isEmpty)
        pipe.closeReading()
    }

    @Test("lines of many threads arrive whole, each thread's in its order")
    func manyThreads() throws {
        let pipe = try TestPipe()
        let sink = StandardStreamSink(descriptor: pipe.writing)
        let received = Mutex<[UInt8]>([])
        // Four threads write; the fifth reads, for a pipe holds far less than all lines.
        let writing = Atomic<Int>(4)
        let refused = Atomic<Int>(0)
        onThreads(5) { number in
            guard number < 4 else {
                let bytes = pipe.readToEnd()
                return received.withLock { $0 = bytes }
            }
            for round in 0..<1_000 {
                let filler = String(repeating: "x", count: round.isMultiple(of: 100) ? 9_000 : round % 80)
                if sink.error(writing: "\(number) \(round) \(filler)\n") != nil {
                    refused.add(1, ordering: .relaxed)
                }
            }
            if writing.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { pipe.closeWriting() }
        }
        pipe.closeReading()
        #expect(refused.load(ordering: .relaxed) == 0)
        let lines = String(decoding: received.withLock { $0 }, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 4_000)
        var next = [0, 0, 0, 0]
        for line in lines {
            let fields = line.split(separator: " ", omittingEmptySubsequences: false)
            let number = try #require(Int(fields[0]))
            let round = try #require(Int(fields[1]))
            #expect(round == next[number])
            #expect(fields[2].count == (round.isMultiple(of: 100) ? 9_000 : round % 80))
            next[number] += 1
        }
        #expect(next == [1_000, 1_000, 1_000, 1_000])
    }

    @Test("a reader who is gone does not end the process, and the signal is left as it was")
    func closedPipe() async {
        await #expect(processExitsWith: .success) {
            signal(SIGPIPE, SIG_DFL)
            let pipe = try TestPipe()
            let sink = StandardStreamSink(descriptor: pipe.writing)
            try sink.write("heard\n")
            pipe.closeReading()
            for _ in 0..<3 {
                #expect(sink.error(writing: "unheard\n") == .failed("Broken pipe", writtenBytes: 0))
            }
            var (pending, mask) = (sigset_t(), sigset_t())
            sigpending(&pending)
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            #expect(sigismember(&pending, SIGPIPE) == 0)
            #expect(sigismember(&mask, SIGPIPE) == 0)
        }
    }

    @Test("the next write of the program itself to a broken pipe still has the signal")
    func signalStays() async {
        await #expect(processExitsWith: .signal(SIGPIPE)) {
            signal(SIGPIPE, SIG_DFL)
            let pipe = try TestPipe()
            pipe.closeReading()
            _ = StandardStreamSink(descriptor: pipe.writing).error(writing: "unheard\n")
            _ = write(pipe.writing, "x", 1)
        }
    }

    @Test("a signal that waited before a write is left waiting")
    func pendingSignalStays() async {
        await #expect(processExitsWith: .success) {
            let pipe = try TestPipe()
            pipe.closeReading()
            var (signals, pending) = (sigset_t(), sigset_t())
            sigemptyset(&signals)
            sigaddset(&signals, SIGPIPE)
            pthread_sigmask(SIG_BLOCK, &signals, nil)
            raise(SIGPIPE)
            #expect(StandardStreamSink(descriptor: pipe.writing).error(writing: "unheard\n") != nil)
            sigpending(&pending)
            #expect(sigismember(&pending, SIGPIPE) == 1)
        }
    }

    @Test("a descriptor that is not open takes nothing and says so")
    func badDescriptor() {
        let sink = StandardStreamSink(descriptor: -1)
        #expect(sink.error(writing: "a\n") == .failed("Bad file descriptor", writtenBytes: 0))
    }

    @Test("a full stream that does not wait is waited for once, and takes lines again when it was read")
    func fullStream() throws {
        let pipe = try TestPipe()
        pipe.doNotWait()
        let sink = StandardStreamSink(descriptor: pipe.writing)
        let line = String(repeating: "x", count: 1_023) + "\n"
        var written = 0
        while sink.error(writing: line) == nil, written < 100_000 { written += 1 }
        // A hundred waits would take ten seconds.
        let spent = ContinuousClock().measure {
            for _ in 0..<100 { #expect(sink.error(writing: line) != nil) }
        }
        #expect(spent < .seconds(5))
        let readBytes = pipe.read(count: written * line.utf8.count)
        #expect(readBytes.count { $0 == 10 } == written)
        try sink.write(line)
        pipe.closeWriting()
        #expect(pipe.readToEnd() == Array(line.utf8))
        pipe.closeReading()
    }

    @Test("a stream that is full again and again, but read, takes all of a batch larger than itself")
    func slowReader() throws {
        let pipe = try TestPipe()
        pipe.doNotWait()
        let sink = StandardStreamSink(descriptor: pipe.writing)
        let text = String(repeating: "0123456\n", count: 1 << 17)
        let received = Mutex<[UInt8]>([])
        onThreads(2) { number in
            if number == 0 {
                #expect(sink.error(writing: text) == nil)
                pipe.closeWriting()
            } else {
                let bytes = pipe.readToEnd()
                received.withLock { $0 = bytes }
            }
        }
        pipe.closeReading()
        #expect(received.withLock { $0 } == Array(text.utf8))
    }

    @Test("a line that was broken off does not glue onto the next one, and what was written is told")
    func tornLine() throws {
        let pipe = try TestPipe()
        pipe.doNotWait()
        let sink = StandardStreamSink(descriptor: pipe.writing)
        let long = String(repeating: "x", count: 4 << 20) + "\n"
        guard case .failed(_, let written)? = sink.error(writing: long) else {
            Issue.record("four MiB fit the pipe")
            return
        }
        #expect(written > 0)
        #expect(pipe.read(count: written).count == written)
        try sink.write("next\n")
        try sink.write("and next\n")
        pipe.closeWriting()
        #expect(String(decoding: pipe.readToEnd(), as: UTF8.self) == "\nnext\nand next\n")
        pipe.closeReading()
    }

    @Test("a pipeline writes its lines to the stream")
    func throughAPipeline() throws {
        let pipe = try TestPipe()
        let pipeline = LogPipeline(
            encoder: LogfmtEncoder(fields: .fewest),
            sink: StandardStreamSink(descriptor: pipe.writing)
        )
        StructuredLogger(label: "l", pipeline: pipeline).notice("m", ("k", 1))
        pipe.closeWriting()
        let text = String(decoding: pipe.readToEnd(), as: UTF8.self)
        #expect(text == "level=notice msg=m k=1\n")
        pipe.closeReading()
    }
}
