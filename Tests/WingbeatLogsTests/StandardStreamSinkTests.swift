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
    @Test("a sink that was never used lost nothing, and an empty line is no loss")
    func empty() throws {
        let pipe = try TestPipe()
        let sink = StandardStreamSink(descriptor: pipe.writing)
        #expect(sink.lostLines == 0)
        sink.write([])
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
        onThreads(5) { number in
            guard number < 4 else {
                let bytes = pipe.readToEnd()
                return received.withLock { $0 = bytes }
            }
            for round in 0..<1_000 {
                let filler = String(repeating: "x", count: round.isMultiple(of: 100) ? 9_000 : round % 80)
                sink.write(Array("\(number) \(round) \(filler)\n".utf8))
            }
            if writing.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { pipe.closeWriting() }
        }
        pipe.closeReading()
        #expect(sink.lostLines == 0)
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

    @Test("lines to a pipe that nobody reads any more are lost and counted")
    func closedPipe() throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = try TestPipe()
        let sink = StandardStreamSink(descriptor: pipe.writing)
        sink.write(Array("heard\n".utf8))
        #expect(sink.lostLines == 0)
        pipe.closeReading()
        for _ in 0..<3 { sink.write(Array("unheard\n".utf8)) }
        #expect(sink.lostLines == 3)
        pipe.closeWriting()
    }

    @Test("lines to a descriptor that is not open are lost and counted")
    func badDescriptor() {
        let sink = StandardStreamSink(descriptor: -1)
        sink.write(Array("a\n".utf8))
        sink.write(Array("b\n".utf8))
        #expect(sink.lostLines == 2)
    }

    @Test("a full stream that does not wait loses lines, counts them, and takes lines again when it was read")
    func fullStream() throws {
        let pipe = try TestPipe()
        _ = fcntl(pipe.writing, F_SETFL, fcntl(pipe.writing, F_GETFL) | O_NONBLOCK)
        let sink = StandardStreamSink(descriptor: pipe.writing)
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1_023) + [10]
        var written = 0
        while sink.lostLines == 0, written < 100_000 {
            sink.write(line)
            written += 1
        }
        #expect(sink.lostLines == 1)
        let kept = (written - 1) * line.count
        let readBytes = pipe.read(count: kept)
        #expect(readBytes.count == kept)
        #expect(readBytes.count { $0 == 10 } == written - 1)
        sink.write(line)
        #expect(sink.lostLines == 1)
        pipe.closeWriting()
        #expect(pipe.readToEnd() == line)
        pipe.closeReading()
    }

    @Test("a line of which only a part could be written counts as lost")
    func partOfALine() throws {
        let pipe = try TestPipe()
        _ = fcntl(pipe.writing, F_SETFL, fcntl(pipe.writing, F_GETFL) | O_NONBLOCK)
        let sink = StandardStreamSink(descriptor: pipe.writing)
        sink.write([UInt8](repeating: UInt8(ascii: "x"), count: 4 << 20))
        #expect(sink.lostLines == 1)
        pipe.closeWriting()
        pipe.closeReading()
    }

    @Test("a pipeline writes its lines to the stream")
    func throughAPipeline() throws {
        let pipe = try TestPipe()
        let pipeline = LogPipeline(sink: StandardStreamSink(descriptor: pipe.writing))
        pipeline.log(LogRecord(nanoseconds: 0, level: .notice, label: "l", message: "m"))
        pipe.closeWriting()
        let text = String(decoding: pipe.readToEnd(), as: UTF8.self)
        #expect(text == "ts=1970-01-01T00:00:00.000000000Z level=notice logger=l msg=m\n")
        pipe.closeReading()
    }
}
