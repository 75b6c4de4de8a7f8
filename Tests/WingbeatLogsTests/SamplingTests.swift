// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization
import TestSupport
import Testing

@testable import WingbeatLogs

@Suite("Sampling")
struct SamplingTests {
    /// One interval that does not end in the lifetime of this program.
    private let forEver = Duration.seconds(1 << 33)

    private func watched(_ sampling: LogSampling) -> WatchedLogger {
        WatchedLogger(level: .trace) { $0.sampling = sampling }
    }

    /// The numbers of the lines that are written, of so many with the same message.
    private func admitted(_ sampling: LogSampling, of count: Int = 20) -> [String] {
        let watched = watched(sampling)
        for number in 1...count { watched.structured.info("m", ("n", number)) }
        #expect(watched.pipeline.totals.sampled == UInt64(count - watched.lines.count))
        #expect(watched.pipeline.totals.lines[.info] == UInt64(watched.lines.count))
        return watched.said.compactMap { $0.split(separator: "n=").last.map(String.init) }
    }

    @Test("without lines there is nothing to count, and the usual is a hundred a second and then one in a hundred")
    func empty() {
        let sampling = LogSampling()
        #expect(watched(sampling).pipeline.totals.sampled == 0)
        #expect(sampling == LogSampling(first: 100, thereafter: 100, interval: .seconds(1), highestLevel: .warning))
    }

    @Test("the first lines are written, and then one in so many")
    func firstAndThereafter() {
        let numbers = admitted(LogSampling(first: 3, thereafter: 4, interval: forEver))
        #expect(numbers == ["1", "2", "3", "7", "11", "15", "19"])
    }

    @Test("none is written after the first, and none at first, where that is asked for")
    func zero() {
        #expect(admitted(LogSampling(first: 3, thereafter: 0, interval: forEver)) == ["1", "2", "3"])
        #expect(admitted(LogSampling(first: 0, thereafter: 6, interval: forEver)) == ["6", "12", "18"])
        #expect(admitted(LogSampling(first: 0, thereafter: 0, interval: forEver)).isEmpty)
        #expect(admitted(LogSampling(first: 0, thereafter: 1, interval: forEver)).count == 20)
    }

    @Test("numbers that make no sense do no harm")
    func nonsense() {
        #expect(admitted(LogSampling(first: .min, thereafter: .min, interval: forEver)).isEmpty)
        #expect(admitted(LogSampling(first: .max, thereafter: .max, interval: .seconds(Int64.max))).count == 20)
        #expect(admitted(LogSampling(first: 1, thereafter: 0, interval: .seconds(Int64.max))) == ["1"])
        for interval in [Duration.zero, .seconds(-5), .nanoseconds(-1)] {
            #expect(admitted(LogSampling(first: 1, thereafter: 0, interval: interval)).first == "1")
        }
    }

    @Test("each message and each level is counted for itself, whatever the pairs are")
    func messagesAndLevels() {
        let watched = watched(LogSampling(first: 1, thereafter: 0, interval: forEver))
        for number in 0..<3 {
            watched.structured.info("a", ("n", number))
            watched.structured.info("b", ("n", number))
            watched.structured.debug("a", ("n", number))
            watched.logger.warning("a", metadata: ["n": "\(number)"])
            watched.logger.info("a", metadata: ["n": "\(number)"])
        }
        #expect(
            watched.lines == [
                "level=info logger=shop msg=a n=0", "level=info logger=shop msg=b n=0",
                "level=debug logger=shop msg=a n=0", "level=warning logger=shop msg=a n=0",
            ]
        )
        #expect(watched.pipeline.totals.sampled == 11)
    }

    @Test("counting begins again with each interval")
    func newInterval() {
        let sampler = Sampler(LogSampling(first: 2, thereafter: 0, interval: .milliseconds(500)))
        let milliseconds: [UInt64] = [0, 1, 499, 500, 999, 999, 1_000, 4_700, 4_800, 4_900]
        let admitted = milliseconds.map { time in
            sampler.admits(LogRecord(nanoseconds: time * 1_000_000, level: .info, label: "l", message: "m"))
        }
        #expect(admitted == [true, true, false, true, true, false, true, true, true, false])
    }

    @Test("intervals are real time")
    func realTime() {
        let watched = watched(LogSampling(first: 1, thereafter: 0, interval: .milliseconds(50)))
        let isBack = eventually {
            watched.structured.info("m")
            return watched.lines.count == 3
        }
        #expect(isBack)
        #expect(watched.pipeline.totals.sampled > 0)
    }

    @Test("lines above the highest level are always written: errors, if nothing else is said")
    func errors() {
        let watched = watched(LogSampling(first: 0, thereafter: 0, interval: forEver))
        for level in Logger.Level.allCases { watched.structured.at(level)("m") }
        #expect(watched.lines == ["level=error logger=shop msg=m", "level=critical logger=shop msg=m"])
        #expect(watched.pipeline.totals.sampled == 5)
        let low = self.watched(LogSampling(first: 0, thereafter: 0, interval: forEver, highestLevel: .debug))
        for level in Logger.Level.allCases { low.structured.at(level)("m") }
        #expect(low.lines.count == 5)
    }

    @Test("of eight threads' lines exactly as many are written as of one thread's")
    func threads() {
        let watched = watched(LogSampling(first: 100, thereafter: 100, interval: forEver))
        let log = watched.structured
        onThreads(8) { _ in
            for _ in 0..<10_000 { log.info("m") }
        }
        #expect(watched.lines.count == 100 + 79_900 / 100)
        #expect(watched.pipeline.totals.lines[.info] == 899)
        #expect(watched.pipeline.totals.sampled == 79_101)
    }
}
