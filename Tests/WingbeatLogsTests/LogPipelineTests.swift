// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization
import TestSupport
import Testing
import WingbeatLogs

@Suite("Exchanging where logs go")
struct LogPipelineTests {
    @Test("a pipeline that was given nothing to log hands nothing to its sink")
    func empty() {
        let sink = InMemoryLogSink()
        let pipeline = LogPipeline(sink: sink, level: .debug)
        pipeline.replace(LogConfiguration(encoder: JSONLinesEncoder(), sink: sink, level: .trace))
        #expect(sink.lines.isEmpty)
        #expect(pipeline.level == .trace)
    }

    @Test("loggers that exist write through the new outputs and at the new level from their next line on")
    func replace() {
        let watched = WatchedLogger(level: .warning)
        let sink = InMemoryLogSink()
        watched.logger.warning("first")
        watched.logger.info("below")
        watched.pipeline.replace(LogConfiguration(encoder: JSONLinesEncoder(), sink: sink, level: .debug))
        watched.logger.warning("second")
        watched.logger.trace("below")
        #expect(watched.lines == ["level=warning logger=shop msg=first"])
        #expect(sink.lines.count == 1)
        #expect(sink.lines.first?.hasSuffix(#""level":"warning","logger":"shop","msg":"second"}"#) == true)
        let later = Logger(label: "later") { WingbeatLogHandler(label: $0, pipeline: watched.pipeline) }
        #expect(later.logLevel == .debug)
        #expect(watched.logger.logLevel == .debug)
    }

    @Test("no line is lost or written twice while the parts are exchanged under way")
    func concurrentReplace() {
        let watched = WatchedLogger()
        let other = InMemoryLogSink()
        let logger = watched.logger
        let pipeline = watched.pipeline
        let first = watched.sink
        onThreads(5) { number in
            for round in 0..<2_000 {
                if number == 4 {
                    let sink = round.isMultiple(of: 2) ? other : first
                    pipeline.replace(LogConfiguration(sink: sink))
                } else {
                    logger.info("\(number).\(round)")
                }
            }
        }
        let messages = (first.lines + other.lines).compactMap { $0.split(separator: "msg=").last }
        #expect(messages.count == 8_000)
        #expect(Set(messages).count == 8_000)
    }
}
