// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Tracing
import WingbeatModel
import WingbeatTraces

/// Many threads begin, change, share, end and forget spans, and give their memory back, while the tracer's parts are
/// exchanged.
///
/// Tests/ThreadSanitizer compiles this file, too.
struct SpanStress: Sendable {
    var threads = 8
    var rounds = 10_000

    struct Outcome: Sendable {
        let totals: SpanTotals
        /// Spans that were reported.
        let reported: Int
        /// Spans that did not say what their thread wrote.
        let wrong: Int
    }

    func run() -> Outcome {
        let reporter = StressReporter()
        let tracer = WingbeatTracer(configuration(reporter))
        let shared = Mutex(tracer.startSpan("shared", context: .topLevel))
        inThreads { thread in
            for round in 0..<rounds {
                own(tracer, thread, round)
                let span = shared.withLock { span in
                    if round.isMultiple(of: 16) { span = tracer.startSpan("shared", context: .topLevel) }
                    return span
                }
                use(span, thread)
                if round.isMultiple(of: 64) { reporter.giveBack() }
                if round.isMultiple(of: 512) { tracer.reconfigure(configuration(reporter)) }
            }
        }
        shared.withLock { $0.end() }
        reporter.giveBack()
        return Outcome(totals: tracer.totals, reported: reporter.reported, wrong: reporter.wrong)
    }

    private func configuration(_ reporter: StressReporter) -> WingbeatTracer.Configuration {
        WingbeatTracer.Configuration(resource: Resource(serviceName: "stress"), reporter: reporter)
    }

    /// Spans that only this thread uses, one of which is never ended.
    private func own(_ tracer: WingbeatTracer, _ thread: Int, _ round: Int) {
        let span = tracer.begin("own")
        span.set("thread", thread)
        span.set("round", round)
        span.addEvent("event")
        let forgotten = tracer.startSpan("forgotten", context: span.serviceContext)
        forgotten.attributes["thread"] = thread
        span.set("again", thread)
        span.end()
    }

    /// A span that all threads use, and that several may end.
    private func use(_ span: WingbeatSpan, _ thread: Int) {
        span.attributes["thread \(thread)"] = thread
        span.addEvent("event")
        span.setStatus(SpanStatus(code: .ok))
        _ = span.attributes.count
        _ = span.context
        if thread.isMultiple(of: 2) { span.end() }
    }

    private func inThreads(_ body: @escaping @Sendable (Int) -> Void) {
        let ended = DispatchSemaphore(value: 0)
        for number in 0..<threads {
            Thread {
                body(number)
                ended.signal()
            }.start()
        }
        for _ in 0..<threads { ended.wait() }
    }
}

/// Keeps some spans, has two threads read each, and gives them back.
private final class StressReporter: SpanReporter {
    private struct State {
        var spans: [FinishedSpan] = []
        var reported = 0
        var wrong = 0
    }

    private let state = Mutex(State())

    var reported: Int { state.withLock { $0.reported } }
    var wrong: Int { state.withLock { $0.wrong } }

    func report(_ span: FinishedSpan) {
        state.withLock { state in
            state.reported += 1
            state.spans.append(span)
        }
    }

    func giveBack() {
        let spans = state.withLock { state in
            defer { state.spans = [] }
            return state.spans
        }
        let wrongOfOther = Mutex(0)
        let ended = DispatchSemaphore(value: 0)
        Thread {
            wrongOfOther.withLock { $0 = Self.countWrong(spans) }
            ended.signal()
        }.start()
        let wrong = Self.countWrong(spans)
        ended.wait()
        state.withLock { $0.wrong += wrong + wrongOfOther.withLock { $0 } }
        SpanPool.recycle(spans)
    }

    private static func countWrong(_ spans: [FinishedSpan]) -> Int {
        spans.count { span in
            let record = span.record
            if record.name == "shared" { return record.attributes.contains { $0.key != "thread \($0.value)" } }
            let isWhole = record.attributes.map(\.key) == ["thread", "round", "again"] && record.events.count == 1
            return record.name != "own" || !isWhole || record[attribute: "thread"] != record[attribute: "again"]
        }
    }
}
