// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatMetrics
import WingbeatMetricsConsole
import WingbeatMetricsPush
import WingbeatModel

@Suite("Metrics as a table for people")
struct TableTests {
    @Test("nothing is shown where there is nothing")
    func empty() {
        #expect(MetricSnapshot(families: []).table().isEmpty)
        #expect(MetricSnapshot(families: [family("no.series", .counter)]).table().isEmpty)
        #expect(ConsoleEncoder().encode(MetricSnapshot(families: []), at: 1).isEmpty)
    }

    @Test("columns are aligned: text left, numbers right; histograms come last")
    func golden() {
        let sketch = ExponentialCounts(schema: 0, zeroCount: 5, positive: [.init(index: 1, count: 5)])
        let reading = MetricSnapshot(families: [
            family(
                "lat",
                .histogram,
                unit: "seconds",
                (["route": "/"], .histogram(.init(upperBounds: [], counts: [12_345], sum: 1250, sketch: sketch))),
                ([:], .histogram(.init(upperBounds: [], counts: [0], sum: 0)))
            ),
            family(
                "requests",
                .counter,
                (["method": "GET", "route": "/"], .counter(12_345_678)),
                ([:], .counter(2.5))
            ),
            family("température", .gauge, ([:], .gauge(-3.14159265))),
        ])
        #expect(
            reading.table() == """
                NAME         LABELS                     VALUE
                requests     method="GET" route="/"  12345678
                requests                                  2.5
                température                          -3.14159

                HISTOGRAM      LABELS     COUNT    MEAN  P50    P90    P95    P99
                lat [seconds]  route="/"  12345  0.1013    0  1.414  1.414  1.414
                lat [seconds]                 0       -    -      -      -      -

                """
        )
    }

    @Test("a printed table has its time above it and an empty line below")
    func message() {
        let reading = MetricSnapshot(families: [family("m", .gauge, ([:], .gauge(1)))])
        let messages = ConsoleEncoder().encode(reading, at: 1_480_000_000_123_456_789)
        #expect(
            messages.map { String(decoding: $0, as: UTF8.self) }
                == ["2016-11-24T15:06:40.123456789Z\n\nNAME  LABELS  VALUE\nm                 1\n\n"]
        )
    }

    @Test(
        "numbers are short, but whole parts are whole",
        arguments: [
            (0, "0"), (1_234_567_890_123, "1234567890123"), (123_456.789, "123457"), (0.1 + 0.2, "0.3"),
            (1e-9 / 3, "3.33333e-10"), (-1e300, "-1e+300"), (.leastNonzeroMagnitude, "5e-324"), (.nan, "NaN"),
            (-.infinity, "-Inf"),
            (99.99999, "100"),
        ]
    )
    func numbers(value: Double, shown: String) {
        let table = MetricSnapshot(families: [family("m", .gauge, ([:], .gauge(value)))]).table()
        #expect(table.split(whereSeparator: \.isWhitespace).last == Substring(shown))
    }

    @Test(
        "what a terminal would obey is shown as an escape",
        arguments: [
            ("\u{1b}[2J", #"\u{1b}[2J"#), ("a\nb\r\n\tc", #"a\nb\r\n\tc"#), ("\u{85}\u{9b}", #"\u{85}\u{9b}"#),
            ("\u{202e}\u{2028}", #"\u{202e}\u{2028}"#), ("\\n", #"\\n"#), ("é日🐦", "é日🐦"),
        ]
    )
    func escapes(sample: String, shown: String) {
        let reading = MetricSnapshot(families: [family(sample, .gauge, ([sample: sample], .gauge(1)))])
        let row = reading.table().split(separator: "\n").last?.split(separator: " ")
        #expect(row == [Substring(shown), "\(shown)=\"\(shown)\"", "1"])
    }

    @Test("a quote ends no value; a long cell ends early")
    func quotes() {
        let long = String(repeating: "x", count: 1000)
        let reading = MetricSnapshot(families: [family("m", .gauge, (["a": "\""], .gauge(1)), (["a": long], .gauge(2)))]
        )
        let rows = reading.table().split(separator: "\n")
        #expect(rows[1].hasPrefix(#"m     a="\"" "#))
        #expect(rows[2] == "m     a=\"" + String(repeating: "x", count: 96) + "…      2")
        #expect(rows.allSatisfy { $0.count == 113 })
    }

    @Test("random bytes in names and labels never break the rows", arguments: 0..<20)
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let labels = LabelSet((0..<3).map { _ in Label(nastyText(using: &random), nastyText(using: &random)) })
            let table = MetricSnapshot(families: [family(nastyText(using: &random), .gauge, (labels, .gauge(1.5)))])
                .table()
            try #require(table.unicodeScalars.count { $0 == "\n" } == 2, "\(table)")
            try #require(table.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
            try #require(table.hasSuffix("  1.5\n"), "\(table)")
        }
    }
}

private func family(
    _ name: String,
    _ kind: MetricKind,
    unit: String = "",
    _ series: (LabelSet, MetricSnapshot.Value)...
) -> MetricSnapshot.Family {
    MetricSnapshot.Family(
        descriptor: MetricDescriptor(name: name, kind: kind, unit: unit),
        series: series.map { MetricSnapshot.Series(labels: $0.0, value: $0.1) }
    )
}
