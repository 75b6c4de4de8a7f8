// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization
import Testing
import WingbeatLogs

@Suite("Structured loggers: levels")
struct StructuredLoggerLevelTests {
    @Test("each level is written from the pipeline's level on", arguments: Logger.Level.allCases)
    func pipelineLevel(_ threshold: Logger.Level) {
        let watched = WatchedLogger(level: threshold)
        logEverywhere(watched.structured)
        #expect(watched.lines == expected(from: threshold))
    }

    @Test("each level is written from the logger's own level on", arguments: Logger.Level.allCases)
    func ownLevel(_ threshold: Logger.Level) {
        for level in Logger.Level.allCases {
            let watched = WatchedLogger(level: level)
            var log = watched.structured
            log.level = threshold
            logEverywhere(log)
            #expect(watched.lines == expected(from: threshold))
        }
    }

    private func logEverywhere(_ log: StructuredLogger) {
        log.trace("m")
        log.debug("m")
        log.info("m")
        log.notice("m")
        log.warning("m")
        log.error("m")
        log.critical("m")
    }

    private func expected(from threshold: Logger.Level) -> [String] {
        Logger.Level.allCases.filter { $0 >= threshold }.map { "level=\($0) logger=shop msg=m" }
    }

    @Test("a level that only the running program knows is written as such, or not", arguments: Logger.Level.allCases)
    func at(_ level: Logger.Level) {
        let watched = WatchedLogger(level: .notice)
        watched.structured.at(level)("m", ("k", 1))
        #expect(watched.structured.at(level).isEnabled == (level >= .notice))
        #expect(watched.lines == (level >= .notice ? ["level=\(level) logger=shop msg=m k=1"] : []))
    }

    @Test("nothing is evaluated while the level is off, and once while it is on")
    func notEvaluated() {
        let watched = WatchedLogger()
        let count = Atomic<Int>(0)
        let counted = { @Sendable (value: Int) in
            count.add(1, ordering: .relaxed)
            return value
        }
        let provider = Logger.MetadataProvider { ["p": .stringConvertible(counted(4))] }
        let log = StructuredLogger(label: "shop", pipeline: watched.pipeline, metadataProvider: provider)
            .with("asked") { counted(3) }
        log.debug("\(counted(1))", ("k", counted(2)))
        log.debug("\(counted(1))")
        log.debug("\(counted(1))", pairs: [("k", counted(2).logValue)])
        #expect(count.load(ordering: .relaxed) == 0)
        log.info("\(counted(1))", ("k", counted(2)))
        #expect(count.load(ordering: .relaxed) == 4)
        log.info("\(counted(1))", pairs: [("k", counted(2).logValue)])
        #expect(count.load(ordering: .relaxed) == 8)
        #expect(watched.said == ["msg=1 p=4 asked=3 k=2", "msg=1 p=4 asked=3 k=2"])
    }

    @Test("loggers of both kinds follow the pipeline's level while the program runs, until they have one of their own")
    func changingLevel() {
        let watched = WatchedLogger()
        let (follower, swiftLogFollower) = (watched.structured, watched.logger)
        var (own, swiftLogOwn) = (watched.structured, watched.logger)
        own.level = .warning
        swiftLogOwn.logLevel = .warning
        for level in [Logger.Level.debug, .critical, .info] {
            watched.pipeline.level = level
            #expect(follower.level == level)
            #expect(swiftLogFollower.logLevel == level)
            #expect(own.level == .warning)
            #expect(swiftLogOwn.logLevel == .warning)
            follower.debug("follows at \(level)")
            swiftLogFollower.debug("swift-log follows at \(level)")
            own.notice("own")
            swiftLogOwn.notice("own")
        }
        #expect(watched.said == [#"msg="follows at debug""#, #"msg="swift-log follows at debug""#])
        own.warning("own")
        swiftLogOwn.warning("own")
        #expect(watched.said.suffix(2) == ["msg=own", "msg=own"])
    }

    @Test("a logger made from another has its level and may get another one, which is its own")
    func derived() {
        let watched = WatchedLogger()
        var parent = watched.structured
        parent.level = .error
        var child = parent.with(("k", 1))
        #expect(child.level == .error)
        child.level = .trace
        child.trace("child")
        parent.warning("parent")
        #expect(watched.lines == ["level=trace logger=shop msg=child k=1"])
    }
}
