// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization
import Testing
import WingbeatLogs

@Suite("One kind of logger from the other")
struct LoggerInteropTests {
    @Test("a logger without anything gives one without anything that follows the pipeline")
    func empty() throws {
        let watched = WatchedLogger()
        let log = try #require(StructuredLogger(watched.logger))
        log.info("m")
        log.logger.info("m")
        #expect(watched.lines == ["level=info logger=shop msg=m", "level=info logger=shop msg=m"])
        watched.pipeline.level = .trace
        #expect(log.level == .trace)
        #expect(log.logger.logLevel == .trace)
    }

    @Test("a structured logger takes label, level, metadata and provider of a swift-log logger")
    func fromSwiftLog() throws {
        var watched = WatchedLogger(provider: Logger.MetadataProvider { ["p": "9"] })
        watched.logger[metadataKey: "b"] = "2"
        watched.logger[metadataKey: "a"] = .stringConvertible(1.5)
        watched.logger.logLevel = .debug
        let log = try #require(StructuredLogger(watched.logger))
        #expect(log.level == .debug)
        log.debug("m", ("own", true))
        log.trace("m")
        #expect(watched.lines == ["level=debug logger=shop msg=m p=9 a=1.5 b=2 own=true"])
    }

    @Test("there is none beside a logger of another backend")
    func foreign() {
        #expect(StructuredLogger(Logger(label: "x") { _ in SwiftLogNoOpLogHandler() }) == nil)
        let watched = WatchedLogger()
        let several = Logger(label: "x") { label in
            MultiplexLogHandler([WingbeatLogHandler(label: label, pipeline: watched.pipeline)])
        }
        #expect(StructuredLogger(several) == nil)
    }

    @Test("the swift-log logger of a structured one has its label, level and context with the types of the values")
    func toSwiftLog() {
        let watched = WatchedLogger { $0.outputs[0].encoder = JSONLinesEncoder(fields: .fewest) }
        var log = watched.structured.with(("z", 1), ("y", 0.5), ("x", true), ("w", nil as Int?))
            .with(("v", Sensitive("secret")), at: .suffix).with(("u", [1, 2]), at: .prefix)
        log.level = .debug
        let logger = log.logger
        #expect(logger.label == "shop")
        #expect(logger.logLevel == .debug)
        logger.debug("m", metadata: ["own": "text"])
        logger.trace("m")
        #expect(
            watched.sink.lines == [
                #"{"level":"debug","msg":"m","own":"text","u":[1,2],"v":"[redacted]","w":null,"x":true,"y":0.5,"z":1}"#
            ]
        )
    }

    @Test("what is asked for at each line is asked by the swift-log logger, too, and by one made from that")
    func asked() throws {
        let count = Atomic<Int>(0)
        let watched = WatchedLogger(level: .debug)
        let provider = Logger.MetadataProvider { ["p": "9", "asked": "provider"] }
        let log = StructuredLogger(label: "shop", pipeline: watched.pipeline, metadataProvider: provider)
            .with(("k", 1)).with("asked") { count.add(1, ordering: .relaxed).newValue }
        log.logger.info("m")
        log.logger.info("m", metadata: ["asked": "event"])
        try #require(StructuredLogger(log.logger)).info("m")
        #expect(
            watched.said == ["msg=m asked=1 k=1 p=9", "msg=m asked=event k=1 p=9", "msg=m asked=3 p=9 k=1"]
        )
        log.logger.trace("m")
        #expect(count.load(ordering: .relaxed) == 3)
    }

    @Test("of a key that a context has twice, the swift-log logger writes the one that was added last")
    func sameKey() {
        let watched = WatchedLogger()
        watched.structured.with(("k", 1)).with(("k", 2)).logger.info("m")
        watched.structured.with(("k", 1)).with("k") { 2 }.logger.info("m")
        watched.structured.with("k") { 1 }.with(("k", 2)).logger.info("m")
        #expect(watched.said == ["msg=m k=2", "msg=m k=2", "msg=m k=2"])
    }
}
