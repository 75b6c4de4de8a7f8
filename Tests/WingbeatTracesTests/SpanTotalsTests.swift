// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing
import Tracing
import WingbeatModel

@testable import WingbeatTraces

@Suite("A tracer's books")
struct SpanTotalsTests {
    @Test("every way that a span may end is counted once")
    func each() {
        let subject = TracerUnderTest(sampler: NameSampler(dropped: ["dropped"]))
        #expect(subject.tracer.totals == SpanTotals())
        subject.start("ended").end()
        subject.start("dropped").end()
        _ = subject.start("forgotten")
        let active = subject.start("active")
        active.end()
        active.end()
        let open = subject.start("open")
        var expected = SpanTotals(started: 5, finished: 3, forgotten: 1, sampledOut: 1)
        #expect(subject.tracer.totals == expected)
        #expect(subject.tracer.totals.active == 1)
        open.end()
        expected.finished = 4
        #expect(subject.tracer.totals == expected)
        #expect(subject.tracer.totals.active == 0)
    }

    @Test("two tracers have books of their own; copies of one have the same")
    func separate() {
        let (one, other) = (TracerUnderTest(), TracerUnderTest())
        let copy = one.tracer
        one.tracer.begin("work").end()
        copy.begin("work").end()
        other.tracer.begin("work").end()
        #expect(one.tracer.totals.finished == 2)
        #expect(copy.totals.finished == 2)
        #expect(other.tracer.totals.finished == 1)
    }

    @Test("the books go on when the parts are exchanged")
    func reconfigure() {
        let subject = TracerUnderTest()
        let begun = subject.start("begun")
        subject.tracer.begin("work").end()
        subject.tracer.reconfigure(WingbeatTracer.Configuration(resource: Resource(serviceName: "other")))
        subject.tracer.begin("work").end()
        begun.end()
        #expect(subject.tracer.totals == SpanTotals(started: 3, finished: 3))
    }

    @Test("at every reading under load the books hold; at the end they are exact")
    func load() {
        let threads = 8
        let spans = 5_000
        let reporter = CountingReporter()
        var configuration = WingbeatTracer.Configuration(
            resource: Resource(serviceName: "load"),
            sampler: NameSampler(dropped: ["dropped"]),
            reporter: reporter
        )
        configuration.limits.attributes = 1
        let tracer = WingbeatTracer(configuration)
        let last = Mutex(SpanTotals())
        onThreads(threads) { _ in
            for number in 0..<spans { Self.work(tracer, number) }
        } watch: {
            let now = tracer.totals
            last.withLock { last in
                #expect(now.started >= last.started && now.finished >= last.finished)
                #expect(now.forgotten >= last.forgotten && now.leftOut >= last.leftOut)
                last = now
            }
            #expect(now.started == now.finished + now.forgotten + now.active)
            #expect(now.active <= UInt64(2 * threads), "each thread has at most two")
            #expect(now.sampledOut <= now.finished)
        }
        let totals = tracer.totals
        let quarter = UInt64(threads * spans / 4)
        #expect(
            totals
                == SpanTotals(
                    started: 5 * quarter,
                    finished: 4 * quarter,
                    forgotten: quarter,
                    sampledOut: quarter,
                    leftOut: 2 * quarter
                )
        )
        #expect(totals.active == 0)
        #expect(reporter.count == Int(totals.finished - totals.sampledOut))
    }

    /// In four calls: five spans, of which one is forgotten, one dropped, and two of the others have an attribute too many.
    private static func work(_ tracer: WingbeatTracer, _ number: Int) {
        switch number % 4 {
        case 0:
            let span = tracer.begin("work")
            span.set("kept", 1)
            span.set("left out", 2)
            span.end()
        case 1: tracer.begin("dropped").end()
        case 2:
            let span = tracer.startSpan("work", context: .topLevel)
            span.attributes["kept"] = 1
            span.attributes["left out"] = 2
            let forgotten = tracer.startSpan("work", context: span.context)
            forgotten.attributes["kept"] = 1
            span.end()
        default: tracer.beginTrace("work").end()
        }
    }
}

/// Counts spans and keeps none.
final class CountingReporter: SpanReporter {
    private let counted = Atomic<Int>(0)

    var count: Int { counted.load(ordering: .relaxed) }

    func report(_ span: FinishedSpan) { counted.add(1, ordering: .relaxed) }
}
