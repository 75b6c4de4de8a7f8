// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollectorClient
import WingbeatModel

/// A span of the trace 10 that starts so many milliseconds after a second of 2023.
func span(
    _ id: UInt64,
    parent: UInt64? = nil,
    at service: String? = "shop",
    named name: String = "work",
    start: UInt64 = 0,
    milliseconds: UInt64 = 100
) -> SpanRecord {
    var span = SpanRecord(
        traceID: TraceID(high: 0, low: 10) ?? .smallest,
        id: SpanID(id) ?? .smallest,
        parentID: parent.flatMap { SpanID($0) },
        name: name
    )
    span.resource = service.map { Resource(serviceName: $0) }
    span.startNanoseconds = 1_700_000_000_000_000_000 + start * 1_000_000
    span.durationNanoseconds = milliseconds * 1_000_000
    return span
}

@Suite("A trace in the terminal")
struct WaterfallTests {
    private func text(_ spans: [SpanRecord], width: Int = 72) -> String {
        Waterfall(spans).lines(width: width).joined(separator: "\n")
    }

    @Test("no spans")
    func empty() {
        #expect(text([]) == "no spans")
    }

    @Test("a tree with bars, services, durations and a mark at errors")
    func tree() {
        var failed = span(4, parent: 2, at: "db", named: "query", start: 150, milliseconds: 50)
        failed.status = .error("")
        let spans = [
            failed, span(3, parent: 1, named: "render", start: 300, milliseconds: 100),
            span(1, named: "GET /", milliseconds: 400),
            span(2, parent: 1, at: "stock", named: "reserve", start: 100, milliseconds: 200),
        ]
        #expect(
            text(spans) == """
                trace 000000000000000a  2023-11-14T22:13:20.000Z  400 ms  4 spans  3 se…
                shop: GET /      |==============================================| 400 ms
                  stock: reserve |           ========================           | 200 ms
                    ! db: query  |                 =======                      |  50 ms
                  shop: render   |                                  ============| 100 ms
                """
        )
        #expect(
            text(spans, width: 200).hasPrefix(
                "trace 000000000000000a  2023-11-14T22:13:20.000Z  400 ms  4 spans  3 services  1 error\n"
            )
        )
    }

    @Test("spans whose parent is missing, and those that stand in a circle, are all shown")
    func incomplete() {
        let spans = [
            span(1, named: "root"), span(2, parent: 9, named: "lost"), span(3, parent: 2, named: "below"),
            span(5, parent: 6, named: "round"), span(6, parent: 5, named: "about"),
        ]
        let labels = Waterfall(spans).lines(width: 80).dropFirst().map { line in
            String(line.prefix { $0 != "|" }).reversed().drop { $0 == " " }.reversed().map(String.init).joined()
        }
        #expect(
            labels == [
                "shop: root", "(span 0000000000000009 is missing)", "  shop: lost", "    shop: below", "shop: round",
                "  shop: about",
            ]
        )
    }

    @Test("what the collector left out of a trace is said")
    func truncated() {
        var mark = span(2, parent: 1)
        mark.attributes = [Attribute("wingbeat.dropped_spans", 1234)]
        let last = Waterfall([span(1), mark]).lines(width: 120).last
        #expect(last == "1234 spans of this trace were not stored: it has more than the collector keeps of one")
    }

    @Test("names cannot move the cursor or change colours, and colours are only shown where they are wanted")
    func hostile() {
        let hostile = span(1, at: "a\u{1B}[2J", named: "b\n\u{202E}c\u{7}")
        let lines = Waterfall([hostile]).lines(width: 100)
        #expect(lines.count == 2)
        #expect(lines[1].hasPrefix(#"a\u{1b}[2J: b\u{a}\u{202e}c\u{7} |"#))
        var failed = span(1)
        failed.status = .error("")
        let colored = Waterfall([failed]).lines(width: 80, isColored: true)
        #expect(colored[1].hasPrefix("\u{1B}[31m! shop: work"))
        #expect(colored[1].hasSuffix("\u{1B}[0m"))
    }

    @Test("no line is wider than the terminal, whatever is in the names", arguments: [1, 40, 41, 72, 200])
    func widths(width: Int) {
        let name = String(repeating: "長い名前 é 👩‍👩‍👧 ", count: 20)
        var spans = (1...40).map { span($0, parent: $0 > 1 ? $0 - 1 : nil, named: name, start: $0, milliseconds: 7000) }
        spans[7].startNanoseconds = 0
        for line in Waterfall(spans).lines(width: width) {
            #expect(TerminalText.width(line) <= max(width, 40), "\(line)")
        }
    }

    @Test("the largest times there are, and none, do no harm")
    func extremes() {
        var late = span(1)
        late.startNanoseconds = .max
        late.durationNanoseconds = .max
        var timeless = span(2, parent: 1)
        timeless.startNanoseconds = 0
        timeless.durationNanoseconds = 0
        #expect(Waterfall([late, timeless]).lines(width: 100).count == 3)
        #expect(Waterfall([timeless]).lines(width: 100).last?.contains("start unknown") == true)
        #expect(Waterfall([late, span(3)]).lines(width: 100).count == 3)
    }
}
