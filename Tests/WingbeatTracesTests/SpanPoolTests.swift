// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("The memory of finished spans")
struct SpanPoolTests {
    @Test("what was recycled serves later spans, and nothing of the earlier ones shows")
    func nothingShows() throws {
        let reporter = KeepingReporter()
        let tracer = WingbeatTracer(reporter)
        for round in 0..<5 {
            for _ in 0..<100 { Self.fill(tracer) }
            SpanPool.recycle(reporter.take())
            for _ in 0..<100 { tracer.begin("bare").end() }
            tracer.startSpan("bare", context: .topLevel).end()
            let bare = reporter.take()
            #expect(bare.count == 101)
            for span in bare {
                let record = span.record
                #expect(record.name == "bare", "round \(round)")
                #expect(record.parentID == nil)
                #expect(record.attributes.isEmpty && record.events.isEmpty && record.links.isEmpty)
                #expect(record.status == .unset)
                #expect(record.traceState.isEmpty && !record.isDebug && record.flags == 0x101)
                #expect(record.kind == .internal)
                #expect(record.dropped == SpanRecord.Dropped())
                #expect(record.durationNanoseconds >= 1)
            }
            SpanPool.recycle(bare)
        }
    }

    /// Spans with everything, made in both ways, one of which is forgotten.
    private static func fill(_ tracer: WingbeatTracer) {
        guard var parent = remoteContext(.debug) else { return }
        parent.traceState = "vendor=1"
        let owned = tracer.begin("full", kind: .server, below: parent)
        for number in 0..<130 { owned.set("key \(number)", "a value that does not fit into a word") }
        for _ in 0..<129 { owned.addEvent("event", [Attribute("key", "value")]) }
        for _ in 0..<129 { owned.addLink(to: parent) }
        owned.recordError(TestError())
        let span = tracer.startSpan("full", context: .topLevel, ofKind: .client)
        span.attributes["key"] = "value"
        span.recordError(TestError())
        span.setStatus(SpanStatus(code: .error))
        span.end()
        let forgotten = tracer.startSpan("forgotten", context: .topLevel)
        forgotten.attributes["forgotten"] = true
        forgotten.recordError(TestError())
        owned.end()
    }

    @Test("a span that somebody keeps stays as it is when thousands follow, though it was given back")
    func kept() throws {
        let reporter = KeepingReporter()
        let tracer = WingbeatTracer(reporter)
        let span = tracer.begin("kept")
        span.set("key", "kept")
        span.addEvent("kept")
        span.end()
        let kept = try #require(reporter.take().first)
        let before = kept.record
        SpanPool.recycle([kept])
        for number in 0..<5_000 {
            let next = tracer.begin("next")
            next.set("key", number)
            next.end()
            if number % 50 == 0 { SpanPool.recycle(reporter.take()) }
        }
        #expect(kept.record == before)
        #expect(kept.record.attributes == [Attribute("key", "kept")])
    }

    @Test("a copy of the record stays when its memory serves others")
    func copies() throws {
        let reporter = KeepingReporter()
        let tracer = WingbeatTracer(reporter)
        var copies: [SpanRecord] = []
        for number in 0..<500 {
            let span = tracer.begin("span \(number)")
            span.set("number", number)
            span.addEvent("event \(number)")
            span.end()
            let spans = reporter.take()
            copies += spans.map(\.record)
            SpanPool.recycle(spans)
        }
        #expect(copies.map(\.name) == (0..<500).map { "span \($0)" })
        #expect(copies.map(\.attributes) == (0..<500).map { [Attribute("number", .int($0))] })
        #expect(copies.map { $0.events.map(\.name) } == (0..<500).map { ["event \($0)"] })
        #expect(Set(copies.map(\.id)).count == 500)
    }

    @Test("spans that were made elsewhere, no spans, and those of several tracers at once may be given back")
    func foreign() throws {
        let record = SpanRecord(traceID: try #require(TraceID(hex: longTrace)), id: try #require(SpanID(hex: spanHex)))
        let (one, other) = (KeepingReporter(), KeepingReporter())
        let tracers = [WingbeatTracer(one), WingbeatTracer(other, named: "other")]
        SpanPool.recycle([])
        for _ in 0..<100 {
            for tracer in tracers { tracer.begin("work").end() }
            let mixed = zip(one.take(), other.take()).flatMap { [$0, FinishedSpan(record), $1] }
            #expect(mixed.map(\.record.serviceName) == ["shop", nil, "other"])
            SpanPool.recycle(mixed)
        }
    }

    @Test("spans of several tracers on one thread are never mixed up")
    func severalTracers() {
        let reporters = (0..<3).map { _ in KeepingReporter() }
        let tracers = reporters.enumerated().map { WingbeatTracer($1, named: "service \($0)") }
        for round in 0..<300 {
            for (number, tracer) in tracers.enumerated() {
                let span = tracer.begin("span \(number)")
                span.set("round", round)
                span.end()
            }
            for (number, reporter) in reporters.enumerated() {
                let spans = reporter.take()
                #expect(spans.map(\.record.name) == ["span \(number)"])
                #expect(spans.map(\.record.serviceName) == ["service \(number)"])
                #expect(spans.map(\.record.attributes) == [[Attribute("round", .int(Int64(round)))]])
                SpanPool.recycle(spans)
            }
        }
    }

    @Test("spans may outlive their tracer, and end and be given back after it")
    func tracerIsGone() throws {
        let reporter = KeepingReporter()
        var tracer: WingbeatTracer? = WingbeatTracer(reporter)
        let begun = try #require(tracer?.startSpan("begun", context: .topLevel))
        for _ in 0..<50 { tracer?.begin("work").end() }
        let span = try #require(tracer).begin("owned")
        tracer = nil
        begun.attributes["late"] = true
        begun.end()
        span.set("late", true)
        span.end()
        let spans = reporter.take()
        #expect(spans.count == 52)
        #expect(spans.suffix(2).map(\.record.name) == ["begun", "owned"])
        #expect(spans.suffix(2).allSatisfy { $0.record.attributes == [Attribute("late", true)] })
        #expect(spans.allSatisfy { $0.record.serviceName == "shop" })
        SpanPool.recycle(spans)
    }

    @Test("the tracer's parts are released with the last of its spans, on every thread")
    func released() async throws {
        weak var reporter: KeepingReporter?
        do {
            let kept = KeepingReporter()
            reporter = kept
            let tracer = WingbeatTracer(kept)
            onThreads(4) { _ in
                for _ in 0..<100 { tracer.begin("work").end() }
                SpanPool.recycle(kept.take())
                for _ in 0..<100 { tracer.begin("work").end() }
            }
            SpanPool.recycle(kept.take())
        }
        // Until the threads are gone, too.
        for _ in 0..<1_000 where reporter != nil { try await Task.sleep(for: .milliseconds(10)) }
        #expect(reporter == nil)
    }

    @Test("parts that are exchanged while spans run: each span goes where it began, in memory that knows so")
    func reconfigure() {
        let reporters = (0..<20).map { _ in KeepingReporter() }
        let tracer = WingbeatTracer(reporters[0], named: "service 0")
        for (number, reporter) in reporters.enumerated() {
            tracer.reconfigure(.init(resource: Resource(serviceName: "service \(number)"), reporter: reporter))
            let begun = tracer.begin("begun")
            let next = reporters[(number + 1) % reporters.count]
            tracer.reconfigure(.init(resource: Resource(serviceName: "next"), reporter: next))
            begun.end()
            let spans = reporter.take()
            #expect(spans.map(\.record.serviceName) == ["service \(number)"])
            SpanPool.recycle(spans)
        }
    }

    @Test("eight threads make spans that others read and give back; each shows what its thread wrote")
    func threads() {
        let reporter = KeepingReporter()
        let tracer = WingbeatTracer(reporter)
        let seen = Mutex<[Int: Int]>([:])
        onThreads(8) { thread in
            for number in 0..<2_000 {
                let span = tracer.begin("thread \(thread)")
                span.set("thread", thread)
                span.set("number", number)
                span.end()
            }
        } watch: {
            let spans = reporter.take()
            for span in spans {
                guard case .int(let thread)? = span.record[attribute: "thread"] else { continue }
                if span.record.name == "thread \(thread)", span.record.attributes.count == 2 {
                    seen.withLock { $0[Int(thread), default: 0] += 1 }
                }
            }
            SpanPool.recycle(spans)
        }
        #expect(seen.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<8).map { ($0, 2_000) }))
    }

    @Test("a larger span says that it takes more memory")
    func size() throws {
        let reporter = KeepingReporter()
        let tracer = WingbeatTracer(reporter)
        tracer.begin("work").end()
        let text = String(repeating: "x", count: 10_000)
        for change in [{ $0.set("key", text) }, { $0.addEvent(text) }] as [(borrowing OwnedSpan) -> Void] {
            let span = tracer.begin("work")
            change(span)
            span.end()
        }
        let replaced = tracer.begin("work")
        replaced.set("key", "short")
        replaced.set("key", text)
        replaced.end()
        let sizes = reporter.take().map(\.size)
        #expect(sizes.count == 4)
        #expect(sizes.dropFirst().allSatisfy { ($0 - sizes[0]) > 10_000 && ($0 - sizes[0]) < 11_000 })
    }
}
