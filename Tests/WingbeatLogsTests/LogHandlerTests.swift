// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import WingbeatLogs

@Suite("Loggers of swift-log")
struct LogHandlerTests {
    @Test("a logger that says nothing writes nothing")
    func empty() {
        let watched = WatchedLogger()
        watched.logger.debug("too unimportant")
        #expect(watched.lines.isEmpty)
        #expect(watched.logger.handler.metadata.isEmpty)
        #expect(watched.logger.handler.metadataProvider == nil)
    }

    @Test("each level is written from the logger's level on", arguments: Logger.Level.allCases)
    func levels(_ threshold: Logger.Level) {
        var watched = WatchedLogger()
        watched.logger.logLevel = threshold
        for level in Logger.Level.allCases { watched.logger.log(level: level, "m") }
        let expected = Logger.Level.allCases.filter { $0 >= threshold }.map { "level=\($0) logger=shop msg=m" }
        #expect(watched.lines == expected)
    }

    @Test("a logger starts at the pipeline's level, and a pipeline at info")
    func defaultLevel() {
        #expect(LogPipeline().level == .info)
        #expect(WatchedLogger(level: .debug).logger.logLevel == .debug)
        let handler = WingbeatLogHandler(label: "l", pipeline: LogPipeline(level: .error))
        #expect(handler.logLevel == .error)
    }

    @Test("lines carry the time at which they were logged")
    func time() throws {
        let watched = WatchedLogger()
        watched.logger.info("m")
        let line = try #require(watched.sink.lines.first)
        let formatter = ISO8601DateFormatter()
        let text = try #require(line.dropFirst("ts=".count).split(separator: ".").first)
        let date = try #require(formatter.date(from: text + "Z"))
        #expect(abs(date.timeIntervalSinceNow) < 3_600)
    }

    @Test("a copy of a logger has a level and metadata of its own")
    func valueSemantics() {
        let watched = WatchedLogger()
        var original = watched.logger
        original[metadataKey: "a"] = "1"
        var copy = original
        copy.logLevel = .trace
        copy[metadataKey: "a"] = "2"
        copy[metadataKey: "b"] = "3"
        original.trace("hidden")
        original.info("original")
        copy.trace("copy")
        #expect(
            watched.lines == ["level=info logger=shop msg=original a=1", "level=trace logger=shop msg=copy a=2 b=3"]
        )
        #expect(original.logLevel == .info)
        #expect(original[metadataKey: "b"] == nil)
    }

    @Test("metadata that is taken away is no longer written")
    func removedMetadata() {
        var watched = WatchedLogger()
        watched.logger[metadataKey: "a"] = "1"
        watched.logger[metadataKey: "a"] = nil
        watched.logger.info("m")
        #expect(watched.lines == ["level=info logger=shop msg=m"])
        watched.logger.handler.metadata = ["b": "2"]
        #expect(watched.logger[metadataKey: "b"] == "2")
    }

    @Test("of a key that is given several times the event's value wins over the provider's, and that over the logger's")
    func mergeOrder() {
        let provider = Logger.MetadataProvider { ["b": "provider", "c": "provider", "error.message": "provider"] }
        var watched = WatchedLogger(provider: provider)
        for key in ["a", "b", "c", "error.type"] { watched.logger[metadataKey: key] = "logger" }
        watched.logger.info("m", metadata: ["c": "event", "error.message": "event"])
        watched.logger.error("m", error: Refused(), metadata: ["c": "event", "error.message": "event"])
        #expect(
            watched.lines == [
                "level=info logger=shop msg=m a=logger b=provider c=event error.message=event error.type=logger",
                "level=error logger=shop msg=m a=logger b=provider c=event error.message=\"card refused\" "
                    + "error.type=WingbeatLogsTests.Refused",
            ]
        )
    }

    @Test("an error alone brings its message and its type")
    func error() {
        let watched = WatchedLogger()
        watched.logger.warning("m", error: Refused())
        let pairs = "error.message=\"card refused\" error.type=WingbeatLogsTests.Refused"
        #expect(watched.lines == ["level=warning logger=shop msg=m \(pairs)"])
    }

    @Test("a provider that knows nothing adds nothing, and may be exchanged")
    func provider() {
        var watched = WatchedLogger(provider: Logger.MetadataProvider { [:] })
        watched.logger[metadataKey: "a"] = "1"
        watched.logger.info("m")
        watched.logger.handler.metadataProvider = Logger.MetadataProvider { ["p": "2"] }
        watched.logger.info("m")
        watched.logger.handler.metadataProvider = nil
        watched.logger.info("m")
        let line = "level=info logger=shop msg=m a=1"
        #expect(watched.lines == [line, line + " p=2", line])
    }

    @Test("handlers get their level and their pairs from withLogger too")
    func taskLocalLogger() {
        let watched = WatchedLogger()
        withLogger(watched.logger) { _ in
            withLogger(mergingMetadata: ["request": "7"]) { _ in Logger.current.info("inside") }
        }
        #expect(watched.lines == ["level=info logger=shop msg=inside request=7"])
    }
}

struct Refused: Error, CustomStringConvertible {
    var description: String { "card refused" }
}
