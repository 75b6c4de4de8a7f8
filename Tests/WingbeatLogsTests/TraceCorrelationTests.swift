// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Instrumentation
import Logging
import Testing
import WingbeatLogs
import WingbeatModel

@Suite("Lines and traces")
struct TraceCorrelationTests {
    @Test("outside of a trace a line has no ids")
    func empty() {
        let watched = WatchedLogger()
        watched.logger.info("m")
        ServiceContext.withValue(.topLevel) { watched.logger.info("m") }
        #expect(watched.lines == ["level=info logger=shop msg=m", "level=info logger=shop msg=m"])
    }

    @Test("inside of a trace a line has the ids of the current span, and no more after it")
    func currentTrace() async throws {
        let watched = WatchedLogger()
        var context = ServiceContext.topLevel
        context.traceContext = try someTrace()
        await ServiceContext.withValue(context) {
            watched.logger.info("m")
            await Task { watched.logger.info("child") }.value
        }
        watched.logger.info("m")
        let ids = "trace_id=463ac35c9f6413ad48485a3953bb6124 span_id=a2fb4a1d1a96d312"
        #expect(
            watched.lines == [
                "level=info logger=shop msg=m \(ids)", "level=info logger=shop msg=child \(ids)",
                "level=info logger=shop msg=m",
            ]
        )
    }

    @Test("a trace that is not sampled has ids all the same, and a 64-bit one sixteen digits")
    func notSampled() throws {
        let watched = WatchedLogger()
        var context = ServiceContext.topLevel
        context.traceContext = TraceContext(
            traceID: try #require(TraceID(hex: "abc")),
            spanID: try #require(SpanID(1)),
            sampling: .notSampled
        )
        ServiceContext.withValue(context) { watched.logger.info("m") }
        let ids = "trace_id=0000000000000abc span_id=0000000000000001"
        #expect(watched.lines == ["level=info logger=shop msg=m \(ids)"])
    }

    @Test("two tasks with two traces keep their ids apart")
    func concurrentTraces() async {
        let watched = WatchedLogger()
        await withTaskGroup(of: Void.self) { group in
            for number in 1...50 as ClosedRange<UInt64> {
                group.addTask {
                    guard let traceID = TraceID(high: 0, low: number), let spanID = SpanID(number) else { return }
                    var context = ServiceContext.topLevel
                    context.traceContext = TraceContext(traceID: traceID, spanID: spanID, sampling: .sampled)
                    await ServiceContext.withValue(context) {
                        await Task.yield()
                        watched.logger.info("\(spanID)")
                    }
                }
            }
        }
        #expect(watched.lines.count == 50)
        for line in watched.lines {
            let id = line.suffix(16)
            #expect(line == "level=info logger=shop msg=\(id) trace_id=\(id) span_id=\(id)")
        }
    }
}
