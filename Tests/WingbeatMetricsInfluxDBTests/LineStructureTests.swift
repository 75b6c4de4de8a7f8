// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatMetrics
import WingbeatMetricsInfluxDB
import WingbeatModel

@Suite("Labels that are random bytes")
struct LineStructureTests {
    @Test("never break a line, a tag or a field", arguments: 0..<20, [false, true])
    func fuzz(seed: UInt64, inPairs: Bool) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let labels = LabelSet((0..<3).map { _ in Label(nastyText(using: &random), nastyText(using: &random)) })
            let reading = MetricSnapshot(families: [
                family(nastyText(using: &random), .gauge, (labels, .gauge(1.5)), ([:], .gauge(2)))
            ])
            let found = String(decoding: InfluxDBEncoder().encode(reading, at: 7).flatMap(\.self), as: UTF8.self)
            let points = found.unicodeScalars.split(separator: "\n").map { Point($0, inPairs: inPairs) }
            let tags = labels.labels.filter { !$0.name.isEmpty && !$0.value.isEmpty }.count
            try #require(points.count == 2, "\(found)")
            try #require(points[0].key.count == 1 + tags, "\(found)")
            try #require(points[0].key.dropFirst().allSatisfy { $0.count == 2 && !$0.contains("") }, "\(found)")
            try #require(points[0].rest == ["value=1.5", "7"] && points[1].rest == ["value=2", "7"], "\(found)")
        }
    }
}

/// A line as InfluxDB 1 reads it. Some of its scanners take a separator for escaped when a backslash is before it, others
/// skip whatever follows a backslash, in pairs; a line must be the same for both.
private struct Point {
    /// The measurement, then each tag's name and value.
    let key: [[String]]
    /// The fields and the time.
    let rest: [String]

    init(_ line: Substring.UnicodeScalarView, inPairs: Bool) {
        let split = inPairs ? splitSkippingPairs : splitLookingBack
        let parts = split(line, " ")
        key = split(parts[0], ",").enumerated().map { index, tag in
            (index == 0 ? [tag] : split(tag, "=")).map { String($0) }
        }
        rest = parts.dropFirst().map { String($0) }
    }
}

private typealias Scalars = Substring.UnicodeScalarView

private func splitLookingBack(_ text: Scalars, _ separator: Unicode.Scalar) -> [Scalars] {
    var parts: [Scalars] = []
    var start = text.startIndex
    var previous: Unicode.Scalar?
    for index in text.indices {
        if text[index] == separator, previous != "\\" {
            parts.append(text[start..<index])
            start = text.index(after: index)
        }
        previous = text[index]
    }
    return parts + [text[start...]]
}

private func splitSkippingPairs(_ text: Scalars, _ separator: Unicode.Scalar) -> [Scalars] {
    var parts: [Scalars] = []
    var start = text.startIndex
    var isSkipped = false
    for index in text.indices {
        if text[index] == separator, !isSkipped {
            parts.append(text[start..<index])
            start = text.index(after: index)
        }
        isSkipped = !isSkipped && text[index] == "\\"
    }
    return parts + [text[start...]]
}
