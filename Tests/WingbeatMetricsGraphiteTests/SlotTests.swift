// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatMetrics
import WingbeatMetricsGraphite
import WingbeatMetricsPush
import WingbeatModel

@Suite("Points in slots of time, of which carbon keeps the last one")
struct SlotTests {
    @Test("each flush tells what happened since the slot began, so that overwriting loses nothing")
    func differences() {
        let encoder = encoder(resolution: .seconds(60))
        let told = [(100, 5.0), (110, 8), (119, 9), (120, 9), (130, 10), (185, 20)].map { second, sum in
            line(encoder, sum, UInt64(second))
        }
        #expect(told == ["c 5 60", "c 8 60", "c 9 60", "c 0 120", "c 1 120", "c 10 180"])
    }

    @Test("whenever it is read, the points that remain sum to the total", arguments: 0..<20)
    func sums(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let encoder = encoder(resolution: .seconds([1, 10, 60].randomElement(using: &random) ?? 1))
        var points: [Substring: Double] = [:]
        var sum = 0.0
        var nanoseconds = 1_000_000_000_000 as UInt64
        for _ in 0..<300 {
            sum += Double(Int.random(in: 0..<5, using: &random))
            nanoseconds += .random(in: 100_000_000...20_000_000_000, using: &random)
            let parts = text(encoder.encode(counter(sum), at: nanoseconds)).split(whereSeparator: \.isWhitespace)
            points[parts[2]] = Double(parts[1])
        }
        #expect(points.values.reduce(0, +) == sum)
    }

    @Test("a clock that is set back overwrites no earlier point, and may be wrong by more than an hour only once")
    func clockSetBack() {
        let encoder = encoder(resolution: .seconds(1))
        #expect(line(encoder, 1, 5000) == "c 1 5000")
        #expect(line(encoder, 3, 4990) == "c 3 5000")
        #expect(line(encoder, 4, 5001) == "c 1 5001")
        #expect(line(encoder, 9, 1000) == "c 5 1000")
    }

    @Test("cumulative counters are told as they are, and quantiles are still those of the slot")
    func cumulative() {
        var configuration = GraphiteConfiguration(host: "")
        configuration.counters = .cumulative
        configuration.resolution = .seconds(1)
        let encoder = GraphiteEncoder(configuration)
        #expect(line(encoder, 5, 100) == "c 5 100")
        #expect(line(encoder, 8, 101) == "c 8 101")
        let first = ExponentialCounts(schema: 0, positive: [.init(index: 1, count: 100)])
        let second = ExponentialCounts(schema: 0, positive: [.init(index: 1, count: 100), .init(index: 3, count: 2)])
        _ = encoder.encode(histogram([100], 150, first), at: 102_000_000_000)
        let found = text(encoder.encode(histogram([102], 160, second), at: 103_000_000_000))
        #expect(found.contains("h.p50 \(second.middle(3)) 103\n"), "\(found)")
        #expect(found.hasSuffix("h.count 102 103\nh.sum 160 103\n"), "\(found)")
    }

    @Test("a resolution below a second is a second")
    func fine() {
        #expect(line(encoder(resolution: .milliseconds(1)), 5, 100) == "c 5 100")
        #expect(line(encoder(resolution: .seconds(-5)), 5, 100) == "c 5 100")
    }

    private func encoder(resolution: Duration) -> GraphiteEncoder {
        var configuration = GraphiteConfiguration(host: "")
        configuration.resolution = resolution
        return GraphiteEncoder(configuration)
    }

    private func line(_ encoder: GraphiteEncoder, _ sum: Double, _ second: UInt64) -> String {
        String(text(encoder.encode(counter(sum), at: second * 1_000_000_000)).dropLast())
    }

    private func counter(_ sum: Double) -> MetricSnapshot {
        MetricSnapshot(families: [family("c", .counter, ([:], .counter(sum)))])
    }

    private func histogram(_ counts: [UInt64], _ sum: Double, _ sketch: ExponentialCounts) -> MetricSnapshot {
        let histogram = MetricSnapshot.Histogram(upperBounds: [], counts: counts, sum: sum, sketch: sketch)
        return MetricSnapshot(families: [family("h", .histogram, ([:], .histogram(histogram)))])
    }
}

@Suite("Labels that are random bytes")
struct LineStructureTests {
    @Test("never break a line as carbon reads it", arguments: [GraphiteNaming.flat, .tagged], 0..<20)
    func fuzz(naming: GraphiteNaming, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var configuration = GraphiteConfiguration(host: "")
        configuration.naming = naming
        for _ in 0..<200 {
            configuration.prefix = nastyText(using: &random)
            let labels = LabelSet((0..<3).map { _ in Label(nastyText(using: &random), nastyText(using: &random)) })
            let reading = MetricSnapshot(families: [family(nastyText(using: &random), .gauge, (labels, .gauge(1.5)))])
            let found = text(GraphiteEncoder(configuration).encode(reading, at: 7_000_000_000))
            let fields = found.unicodeScalars.split { $0.properties.isWhitespace || $0.value < 0x20 }.map(String.init)
            try #require(fields.count == 3 && fields[1] == "1.5" && fields[2] == "0", "\(found)")
            try #require(found.utf8.reversed().starts(with: " 1.5 0\n".utf8.reversed()), "\(found)")
            let tags = fields[0].unicodeScalars.split(separator: ";", omittingEmptySubsequences: false).dropFirst()
            let expected = labels.labels.filter { !$0.name.isEmpty && !$0.value.isEmpty }.count
            try #require(tags.count == (naming == .flat ? 0 : expected), "\(found)")
            try #require(tags.allSatisfy(isTag), "\(found)")
        }
    }

    private func isTag(_ tag: Substring.UnicodeScalarView) -> Bool {
        let parts = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[0].allSatisfy { $0 != "!" && $0 != "^" }
            && !parts[1].isEmpty && parts[1].first != "~"
    }
}
