// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tracing
import WingbeatModel
import WingbeatTraces

/// Many threads begin, change, share, end and forget spans, and give their memory back, while the tracer's parts are
/// exchanged.
///
/// Tests/ThreadSanitizer compiles this file, too. It cannot see the locks of Swift's standard library, so here are others,
/// and it does without shared spans, which have such a lock each.
struct SpanStress: Sendable {
    var threads = 8
    var rounds = 10_000
    /// Whether all threads also use and end the same spans.
    var sharesSpans = true

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
        let shared = SharedSpan(tracer)
        inThreads { thread in
            for round in 0..<rounds {
                own(tracer, thread, round)
                if sharesSpans { use(shared.span(round, tracer), thread) }
                if round.isMultiple(of: 64) { reporter.giveBack() }
                if round.isMultiple(of: 512) { tracer.reconfigure(configuration(reporter)) }
            }
        }
        shared.span(0, tracer).end()
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

/// The span that all threads use now; `@unchecked`, for it is exchanged under the lock.
private final class SharedSpan: @unchecked Sendable {
    private let lock = NSLock()
    private var span: WingbeatSpan

    init(_ tracer: WingbeatTracer) {
        span = tracer.startSpan("shared", context: .topLevel)
    }

    func span(_ round: Int, _ tracer: WingbeatTracer) -> WingbeatSpan {
        lock.withLock {
            if round % 16 == 15 { span = tracer.startSpan("shared", context: .topLevel) }
            return span
        }
    }
}

/// Keeps some spans, has two threads read each, and gives them back; `@unchecked`, for all it keeps is used under the lock.
private final class StressReporter: SpanReporter, @unchecked Sendable {
    private let lock = NSLock()
    private var spans: [FinishedSpan] = []
    private(set) var reported = 0
    private(set) var wrong = 0

    func report(_ span: FinishedSpan) {
        lock.withLock {
            reported += 1
            spans.append(span)
        }
    }

    func giveBack() {
        let taken = lock.withLock {
            defer { spans = [] }
            return spans
        }
        let ended = DispatchSemaphore(value: 0)
        Thread {
            self.check(taken)
            ended.signal()
        }.start()
        check(taken)
        ended.wait()
        SpanPool.recycle(taken)
    }

    private func check(_ spans: [FinishedSpan]) {
        let wrong = spans.count { !Self.isWhole($0.record) }
        lock.withLock { self.wrong += wrong }
    }

    private static func isWhole(_ record: SpanRecord) -> Bool {
        if record.name == "shared" { return record.attributes.allSatisfy { $0.key == "thread \($0.value)" } }
        return record.name == "own" && record.attributes.map(\.key) == ["thread", "round", "again"]
            && record.events.count == 1 && record[attribute: "thread"] == record[attribute: "again"]
    }
}
