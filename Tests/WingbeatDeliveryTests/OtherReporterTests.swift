// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import Testing
import WingbeatDelivery
import WingbeatLogs
import WingbeatMetrics
import WingbeatModel
import WingbeatTraces
import WingbeatTracesReporting

/// A span for tests of reporters.
func makeSpan(
    trace: UInt64 = 1,
    id: UInt64,
    parent: UInt64? = nil,
    _ adjust: (inout SpanRecord) -> Void = { _ in }
) throws -> FinishedSpan {
    let traceID = try #require(TraceID(high: 0xA, low: trace))
    var span = SpanRecord(traceID: traceID, id: try #require(SpanID(id)), parentID: parent.flatMap { SpanID($0) })
    span.name = "work \(id)"
    adjust(&span)
    return FinishedSpan(span)
}

@Suite("Spans on the console, in memory, and in several places at once")
struct OtherReporterTests {
    @Test("a span is one line, with its ids, its kind, its time and its attributes")
    func console() throws {
        let sink = InMemoryLogSink()
        let reporter = ConsoleSpanReporter(encoder: LogfmtEncoder(), sink: sink)
        reporter.report(
            try makeSpan(trace: 0xB, id: 2, parent: 1) { span in
                span.name = "GET /orders/{id}"
                span.kind = .server
                span.resource = Resource(serviceName: "shop")
                span.startNanoseconds = 1_700_000_000_000_000_000
                span.durationNanoseconds = 12_500_900
                span.attributes = [Attribute("http.route", "/orders/{id}"), Attribute("tries", 2)]
                span.events = [SpanRecord.Event(nanoseconds: 1_700_000_000_001_000_000, name: "cache miss")]
            }
        )
        let line =
            "ts=2023-11-14T22:13:20.012500900Z level=info logger=shop msg=\"GET /orders/{id}\" "
            + "trace_id=000000000000000a000000000000000b span_id=0000000000000002 parent_id=0000000000000001 "
            + "kind=server ms=12.5 http.route=/orders/{id} tries=2 event=\"cache miss +1.0ms\""
        #expect(sink.lines == [line])
    }

    @Test("a span that failed is an error, with its reason")
    func consoleError() throws {
        let sink = InMemoryLogSink()
        let reporter = ConsoleSpanReporter(encoder: LogfmtEncoder(), sink: sink)
        reporter.report(try makeSpan(id: 1) { $0.status = .error("card declined") })
        #expect(sink.lines.first?.contains("level=error") == true)
        #expect(sink.lines.first?.contains("status=\"card declined\"") == true)
    }

    @Test("nothing in a span ends the line or speaks to the terminal", arguments: [0, 1])
    func consoleEscapes(encoder: Int) throws {
        let sink = InMemoryLogSink()
        let encoders: [any LogEncoder] = [ConsoleEncoder(colors: .never), LogfmtEncoder()]
        let evil = "\u{1b}[2J\n\r\u{9b}31m\u{7f}\u{2028}level=error"
        ConsoleSpanReporter(encoder: encoders[encoder], sink: sink).report(
            try makeSpan(id: 1) { span in
                span.name = evil
                span.resource = Resource(serviceName: evil)
                span.attributes = [Attribute(evil, evil), Attribute("list", .array([.string(evil)]))]
                span.events = [SpanRecord.Event(nanoseconds: 0, name: evil, attributes: [Attribute(evil, evil)])]
                span.status = .error(evil)
            }
        )
        #expect(sink.lines.count == 1)
        let line = try #require(sink.lines.first)
        let isControl = { (scalar: Unicode.Scalar) in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028
        }
        #expect(!line.unicodeScalars.contains(where: isControl))
    }

    @Test("times that no clock has do not trap")
    func consoleOverflow() throws {
        let sink = InMemoryLogSink()
        ConsoleSpanReporter(encoder: LogfmtEncoder(), sink: sink).report(
            try makeSpan(id: 1) { span in
                span.startNanoseconds = .max
                span.durationNanoseconds = .max
                span.events = [SpanRecord.Event(nanoseconds: 0, name: "before")]
            }
        )
        #expect(sink.lines.count == 1)
    }

    @Test("a bounded memory keeps the newest, and says how many it forgot")
    func memory() throws {
        let reporter = InMemorySpanReporter(capacity: 10)
        for id in 1...100 { reporter.report(try makeSpan(id: UInt64(id))) }
        #expect(reporter.spans.map(\.id.value) == Array(91...100))
        #expect(reporter.forgotten == 90)
        let unbounded = InMemorySpanReporter()
        for id in 1...100 { unbounded.report(try makeSpan(id: UInt64(id))) }
        #expect(unbounded.spans.count == 100)
        #expect(unbounded.forgotten == 0)
    }

    @Test("several reporters get each span, and those that run are run and flushed")
    func several() async throws {
        let memory = InMemorySpanReporter()
        let sender = FakeSender()
        let registry = MetricRegistry()
        let multi = MultiSpanReporter([memory, ZipkinReporter(sender: sender, factory: registry)])
        let running = Task { await multi.run() }
        for id in 1...3 { multi.report(try makeSpan(id: UInt64(id))) }
        running.cancel()
        await running.value
        #expect(memory.spans.count == 3)
        #expect(Books(registry, prefix: "wingbeat.spans") == Books(recorded: 3, exported: 3))
        #expect(sender.closes == 1)
    }

    @Test("several reporters of which none runs wait for the end")
    func nothingToRun() async {
        let multi = MultiSpanReporter([InMemorySpanReporter()])
        let running = Task { await multi.run() }
        running.cancel()
        await running.value
    }
}
