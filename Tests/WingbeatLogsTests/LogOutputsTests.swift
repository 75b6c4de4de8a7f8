// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import TestSupport
import Testing
import WingbeatLogs

@Suite("Several outputs, and what a pipeline counts")
struct LogOutputsTests {
    private let memory = InMemoryLogSink()

    private func byteCount(_ lines: [String]) -> UInt64 { lines.reduce(0) { $0 + UInt64($1.utf8.count) + 1 } }

    @Test("without outputs, lines go nowhere and are counted all the same")
    func empty() {
        let pipeline = LogPipeline(LogConfiguration(outputs: []))
        #expect(pipeline.totals.lines.values.allSatisfy { $0 == 0 })
        StructuredLogger(label: "shop", pipeline: pipeline).info("m", ("k", 1))
        #expect(pipeline.totals.lines[.info] == 1)
        #expect(pipeline.totals.bytes == 0)
    }

    @Test("each output has its own format and level")
    func formatsAndLevels() {
        let errors = InMemoryLogSink()
        let pipeline = LogPipeline(
            LogConfiguration(
                outputs: [
                    LogOutput(encoder: LogfmtEncoder(fields: .fewest), sink: memory),
                    LogOutput(encoder: JSONLinesEncoder(fields: .fewest), sink: errors, level: .error),
                ],
                level: .debug
            )
        )
        let log = StructuredLogger(label: "shop", pipeline: pipeline)
        log.trace("t")
        log.debug("d", ("k", 1))
        log.error("e", ("k", 2))
        #expect(memory.lines == ["level=debug msg=d k=1", "level=error msg=e k=2"])
        #expect(errors.lines == [#"{"level":"error","msg":"e","k":2}"#])
        #expect(pipeline.totals.bytes == byteCount(memory.lines + errors.lines))
        let counted = pipeline.totals.lines.filter { $0.value > 0 }
        #expect(counted == [.debug: 1, .error: 1])
    }

    @Test("an output that fails or is full does not keep the others from their lines, and is counted")
    func trouble() {
        let sinks: [any LogSink] = [FakeFailingSink(), memory, FakeFullSink(), FakeFullSink()]
        let pipeline = LogPipeline(
            LogConfiguration(outputs: sinks.map { LogOutput(encoder: LogfmtEncoder(fields: .fewest), sink: $0) })
        )
        for number in 0..<3 { StructuredLogger(label: "shop", pipeline: pipeline).info("m", ("n", number)) }
        #expect(memory.lines == ["level=info msg=m n=0", "level=info msg=m n=1", "level=info msg=m n=2"])
        #expect(pipeline.totals.lines[.info] == 3)
        #expect(pipeline.totals.failed == 3)
        #expect(pipeline.totals.full == 6)
        #expect(pipeline.totals.bytes == byteCount(memory.lines))
    }

    @Test("lines of all threads are counted by level, also those of threads that have ended")
    func threads() {
        let pipeline = LogPipeline(sink: memory, level: .trace)
        let log = StructuredLogger(label: "shop", pipeline: pipeline)
        onThreads(8) { number in
            for round in 0..<1_000 { log.at(Logger.Level.allCases[(number + round) % 7])("m") }
        }
        let counted = pipeline.totals.lines
        #expect(counted.values.reduce(0, +) == 8_000)
        for level in Logger.Level.allCases {
            #expect(counted[level] == UInt64(memory.lines.count { $0.contains(" level=\(level) ") }))
        }
        #expect(pipeline.totals.bytes == byteCount(memory.lines))
    }

    @Test("what a buffer took and lost is counted once, in however many outputs and configurations it is")
    func lostLines() {
        let buffer = BufferedSink(to: FakeFailingSink())
        let outputs = [LogOutput(sink: buffer, level: .error), LogOutput(sink: buffer)]
        let pipeline = LogPipeline(LogConfiguration(outputs: outputs))
        let log = StructuredLogger(label: "shop", pipeline: pipeline)
        for _ in 0..<5 { log.info("m") }
        pipeline.flush()
        #expect(pipeline.totals.failed == 5)
        pipeline.replace(LogConfiguration(outputs: outputs, level: .debug))
        #expect(pipeline.totals.failed == 5)
        pipeline.replace(LogConfiguration(sink: memory))
        #expect(pipeline.totals.failed == 5)
        #expect(pipeline.totals.lines[.info] == 5)
    }
}
