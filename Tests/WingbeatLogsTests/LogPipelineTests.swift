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
        pipeline.replace(encoder: JSONLinesEncoder(), sink: sink, level: .trace)
        #expect(sink.lines.isEmpty)
        #expect(pipeline.level == .trace)
    }

    @Test("loggers that exist write through the new parts from their next line on, and keep their level")
    func replace() {
        let watched = WatchedLogger(level: .warning)
        let sink = InMemoryLogSink()
        watched.logger.warning("first")
        watched.pipeline.replace(encoder: JSONLinesEncoder(), sink: sink, level: .debug)
        watched.logger.warning("second")
        watched.logger.info("below the level of its making")
        #expect(watched.lines == ["level=warning logger=shop msg=first"])
        #expect(sink.lines.count == 1)
        #expect(sink.lines.first?.hasSuffix(#""level":"warning","logger":"shop","msg":"second"}"#) == true)
        let later = Logger(label: "later") { WingbeatLogHandler(label: $0, pipeline: watched.pipeline) }
        #expect(later.logLevel == .debug)
        #expect(watched.logger.logLevel == .warning)
    }

    @Test("a record that is logged by hand is encoded and written once")
    func record() {
        let sink = InMemoryLogSink()
        let pipeline = LogPipeline(encoder: LogfmtEncoder(), sink: sink, level: .critical)
        let pairs: Logger.Metadata = ["b": "2", "a": "1"]
        pipeline.log(LogRecord(nanoseconds: 0, level: .trace, label: "l", message: "m", metadata: pairs))
        #expect(sink.lines == ["ts=1970-01-01T00:00:00.000000000Z level=trace logger=l msg=m a=1 b=2"])
    }

    @Test("a record keeps its pairs sorted by key")
    func sortedPairs() {
        let pairs: Logger.Metadata = ["b": "2", "B": "1", "a": ""]
        let record = LogRecord(nanoseconds: 0, level: .info, label: "", message: "", metadata: pairs)
        #expect(record.metadata.map(\.key) == ["B", "a", "b"])
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
                    pipeline.replace(encoder: LogfmtEncoder(), sink: sink, level: .info)
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
