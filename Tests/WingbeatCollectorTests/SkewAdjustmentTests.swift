// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatModel

@Suite("Clocks that are behind")
struct SkewAdjustmentTests {
    /// Starts in microseconds after midnight by id, and how far each was moved.
    private func times(_ spans: [SpanRecord]) -> [String] {
        SkewAdjustment.adjust(spans).map { span in
            let start = Int64(span.startNanoseconds / 1000) - Int64(today)
            var text = "\(span.id.value)\(span.isShared ? "s" : "")@\(start)"
            if case .int(let moved)? = span[attribute: SkewAdjustment.key] { text += " moved \(moved)" }
            return text
        }
    }

    private func call(_ start: UInt64?, _ duration: UInt64?) -> SpanRecord {
        span(1, .client, at: frontend, to: backend, start: start, duration: duration)
    }

    private func answer(_ start: UInt64?, _ duration: UInt64?) -> SpanRecord {
        span(2, parent: 1, .server, at: backend, start: start, duration: duration)
    }

    @Test("a trace without spans, and one whose clocks agree, stay as they are")
    func unmoved() {
        #expect(SkewAdjustment.adjust([]).isEmpty)
        #expect(SkewAdjustment.adjust(newTrace) == newTrace)
    }

    @Test("a server that seems to begin before its client is moved into the middle of it")
    func middle() {
        #expect(times([call(1000, 100), answer(500, 60)]) == ["1@1000", "2@1020 moved 520000"])
    }

    @Test("where it does not fit, or the durations are not known, to the client's start")
    func start() {
        #expect(times([call(1000, 100), answer(500, 200)]) == ["1@1000", "2@1001 moved 501000"])
        #expect(times([call(1000, nil), answer(500, 60)]) == ["1@1000", "2@1001 moved 501000"])
        #expect(times([call(1000, 100), answer(500, nil)]) == ["1@1000", "2@1001 moved 501000"])
    }

    @Test("what the server did below, and its events, move with it; what others did does not")
    func below() {
        var local = span(3, parent: 2, at: backend, start: 510)
        local.events = [SpanRecord.Event(nanoseconds: (today + 515) * 1000, name: "read")]
        let spans = [call(1000, 100), answer(500, 60), local, span(4, parent: 3, at: database, start: 520)]
        #expect(times(spans) == ["1@1000", "2@1020 moved 520000", "3@1030 moved 520000", "4@520"])
        #expect(SkewAdjustment.adjust(spans)[2].events.map(\.nanoseconds) == [(today + 1035) * 1000])
    }

    @Test("both sides of a shared span")
    func shared() {
        let server = span(1, .server, at: backend, start: 500, duration: 60, isShared: true)
        #expect(times([call(1000, 100), server]) == ["1@1000", "1s@1020 moved 520000"])
    }

    @Test(
        "nothing is moved where nothing is known of a skew",
        arguments: [
            [(1000, 100), (1001, 60)], [(nil, 100), (500, 60)], [(1000, 100), (nil, 60)],
        ] as [[(UInt64?, UInt64?)]]
    )
    func unknown(times: [(UInt64?, UInt64?)]) {
        let spans = [call(times[0].0, times[0].1), answer(times[1].0, times[1].1)]
        #expect(SkewAdjustment.adjust(spans) == spans)
    }

    @Test("one address, no address, two roots or none: nothing is moved")
    func impossible() {
        var sameHost = answer(500, 60)
        sameHost.localEndpoint?.ipv4 = frontend.ipv4
        var noAddress = answer(500, 60)
        noAddress.localEndpoint = NetworkEndpoint(serviceName: "backend")
        let headless = span(1, parent: 9, .client, at: frontend, start: 1000, duration: 100)
        for spans in [
            [call(1000, 100), sameHost], [call(1000, 100), noAddress], [headless, answer(500, 60)],
            [call(1000, 100), answer(500, 60), span(7, at: frontend)],
        ] {
            #expect(SkewAdjustment.adjust(spans) == spans)
        }
    }

    @Test("times at the ends of their range do not trap")
    func extremes() {
        var late = call(1000, 100)
        late.startNanoseconds = UInt64(Int64.max)
        var early = answer(500, 60)
        early.startNanoseconds = 1
        late.durationNanoseconds = .max
        #expect(SkewAdjustment.adjust([late, early]).count == 2)
        late.startNanoseconds = .max
        #expect(SkewAdjustment.adjust([late, early]) == [late, early])
    }
}
