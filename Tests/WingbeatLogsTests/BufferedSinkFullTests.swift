// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import WingbeatLogs

@Suite("A buffer whose sink is slow, stuck or broken")
struct BufferedSinkFullTests {
    static let line = String(repeating: "x", count: 1_023) + "\n"

    @Test("dropping: each line is either taken and written or refused")
    func drop() throws {
        let gated = GatedSink()
        let sink = BufferedSink(to: gated, configuration: .init(capacity: 65_536, flushTimeout: .seconds(60)))
        let taken = Atomic<Int>(0)
        onThreads(8) { _ in
            for _ in 0..<1_000 {
                switch sink.error(writing: Self.line) {
                case nil: taken.add(1, ordering: .relaxed)
                case .full: break
                case let error: Issue.record("\(String(describing: error))")
                }
            }
        }
        // Four pieces of 16 lines each.
        #expect(taken.load(ordering: .relaxed) == 64)
        gated.open()
        sink.flush()
        #expect(gated.lines.count == 64)
        #expect(sink.lostLines == 0)
        try sink.write(Self.line)
        sink.flush()
        #expect(gated.lines.count == 65)
    }

    @Test("dropping, behind a slow sink: what was taken is what is read back, and the rest was refused")
    func dropBehindSlowSink() {
        let slow = FakeSlowSink()
        let sink = BufferedSink(to: slow, configuration: .init(capacity: 16_384, flushTimeout: .seconds(60)))
        let taken = Atomic<Int>(0)
        let refused = Atomic<Int>(0)
        onThreads(8) { _ in
            for _ in 0..<5_000 {
                let isTaken = sink.error(writing: "some line of text\n") == nil
                if isTaken { taken.add(1, ordering: .relaxed) } else { refused.add(1, ordering: .relaxed) }
            }
        }
        sink.flush()
        #expect(taken.load(ordering: .relaxed) + refused.load(ordering: .relaxed) == 40_000)
        #expect(refused.load(ordering: .relaxed) > 0)
        #expect(slow.lines.load(ordering: .relaxed) == taken.load(ordering: .relaxed))
    }

    @Test("blocking: writers wait for room and no line is lost")
    func block() {
        let gated = GatedSink()
        let sink = BufferedSink(
            to: gated,
            configuration: .init(capacity: 65_536, whenFull: .block, flushTimeout: .seconds(60))
        )
        let written = Atomic<Int>(0)
        onThreads(3) { number in
            if number == 0 {
                #expect(eventually { written.load(ordering: .relaxed) == 64 })
                usleep(50_000)
                #expect(written.load(ordering: .relaxed) == 64)
                return gated.open()
            }
            for _ in 0..<500 {
                #expect(sink.error(writing: Self.line) == nil)
                written.add(1, ordering: .relaxed)
            }
        }
        sink.flush()
        #expect(gated.lines.count == 1_000)
    }

    @Test("blocking: a line that needs the whole buffer has its turn among many small ones")
    func blockLarge() {
        let memory = InMemoryLogSink()
        let sink = BufferedSink(
            to: memory,
            configuration: .init(capacity: 16_384, whenFull: .block, flushTimeout: .seconds(60))
        )
        onThreads(4) { number in
            let text = number == 0 ? String(repeating: "y", count: 16_383) + "\n" : Self.line
            for _ in 0..<(number == 0 ? 20 : 1_000) { #expect(sink.error(writing: text) == nil) }
        }
        sink.flush()
        #expect(memory.lines.count { $0.utf8.first == UInt8(ascii: "y") } == 20)
        #expect(memory.lines.count == 3_020)
    }

    @Test("a sink that is stuck for ever costs one wait of the limit, and then none")
    func stuck() throws {
        let gated = GatedSink()
        let configuration = BufferedSink.Configuration(capacity: 65_536, flushTimeout: .milliseconds(300))
        let sink = BufferedSink(to: gated, configuration: configuration)
        let clock = ContinuousClock()
        let first = clock.measure { _ = sink.error(writing: "error\n", level: .error) }
        #expect(first >= .milliseconds(300))
        #expect(first < .seconds(5))
        let others = clock.measure {
            for _ in 0..<1_000 { _ = sink.error(writing: "error\n", level: .error) }
        }
        #expect(others < .seconds(5))
        #expect(clock.measure { sink.flush() } < .seconds(5))
        gated.open()
        sink.flush()
        #expect(gated.lines.count == 1_001)
        try sink.write("heard\n", level: .error)
        #expect(gated.lines.last == "heard")
    }

    @Test("the end of a sink, and of the process, does not wait longer than the limit for one that is stuck")
    func stuckAtTheEnd() async {
        let clock = ContinuousClock()
        let configuration = BufferedSink.Configuration(flushTimeout: .milliseconds(100))
        let gated = GatedSink()
        let spent = clock.measure {
            _ = BufferedSink(to: gated, configuration: configuration).error(writing: "a\n")
        }
        #expect(spent < .seconds(5))
        gated.open()
        #expect(eventually { gated.lines == ["a"] })
        await #expect(processExitsWith: .exitCode(7)) {
            let sink = BufferedSink(to: GatedSink(), configuration: .init(flushTimeout: .milliseconds(100)))
            try sink.write("a\n")
            withExtendedLifetime(sink) { exit(7) }
        }
    }

    @Test("lines that a broken sink does not take are counted, but not those that it took whole")
    func broken() throws {
        let failing = FakeFailingSink(bytesPerCall: 6)
        let sink = BufferedSink(
            to: failing,
            configuration: .init(interval: .seconds(3_600), flushTimeout: .seconds(60))
        )
        for line in ["ab\n", "cd\n", "ef\n", "gh\n"] { try sink.write(line) }
        sink.flush()
        #expect(sink.lostLines == 2)
        #expect(failing.kept.withLock { $0 } == "ab\ncd\n")
        try sink.write("a\nb\n", level: .error)
        #expect(sink.lostLines == 2)
        let full = BufferedSink(to: FakeFullSink(), configuration: .init(flushTimeout: .seconds(60)))
        try full.write("a\nb\n", level: .error)
        #expect(full.lostLines == 2)
    }

    @Test("a buffer before a pipe that nobody reads counts its losses and does not end the process")
    func closedPipe() async {
        await #expect(processExitsWith: .success) {
            signal(SIGPIPE, SIG_DFL)
            let pipe = try TestPipe()
            pipe.closeReading()
            let stream = StandardStreamSink(descriptor: pipe.writing)
            let sink = BufferedSink(to: stream, configuration: .init(flushTimeout: .seconds(60)))
            for _ in 0..<10 { try sink.write("unheard\n", level: .error) }
            #expect(sink.lostLines == 10)
        }
    }

    @Test("a sink that itself logs to its buffer neither waits for itself nor hangs")
    func logsToItself() throws {
        let inner = EchoingSink()
        let configuration = BufferedSink.Configuration(capacity: 4_096, whenFull: .block, flushTimeout: .seconds(60))
        let sink = BufferedSink(to: inner, configuration: configuration)
        inner.outer.withLock { $0 = sink }
        let spent = try ContinuousClock().measure { try sink.write("one\n", level: .error) }
        #expect(spent < .seconds(30))
        #expect(inner.refused.load(ordering: .relaxed) > 0)
        inner.outer.withLock { $0 = nil }
    }
}

/// A fake that takes 5 ms for each batch and counts the lines.
private final class FakeSlowSink: LogSink {
    let lines = Atomic<Int>(0)

    func write(_ lines: LogLines) {
        usleep(5_000)
        self.lines.add(lines.count, ordering: .relaxed)
    }
}

/// Logs more errors to its buffer than fit, for the first batch.
private final class EchoingSink: LogSink {
    let outer = Mutex<BufferedSink?>(nil)
    let refused = Atomic<Int>(0)

    func write(_ lines: LogLines) {
        let sink = outer.withLock { outer in
            defer { outer = nil }
            return outer
        }
        for _ in 0..<(sink == nil ? 0 : 1_000) {
            let error = sink?.error(writing: "an error of the sink\n", level: .error)
            if error == .full { refused.add(1, ordering: .relaxed) }
        }
    }
}
