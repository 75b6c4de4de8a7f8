// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing
import WingbeatMetrics
import WingbeatMetricsCirconus
import WingbeatModel

@Suite("Circonus' buckets of two digits")
struct BucketTests {
    @Test(
        "a bucket is named by the first two digits of its values, as C prints them",
        arguments: Array(stride(from: -8192, through: 8192, by: 61))
    )
    func digits(index: Int) throws {
        let sketch = ExponentialCounts(schema: 3, positive: [.init(index: index, count: 1)])
        let value = sketch.middle(index)
        let shown = String(format: "%.20e", value)
        let exponent = try #require(
            Int(shown.suffix(from: shown.index(after: shown.lastIndex(of: "e") ?? shown.startIndex)))
        )
        let expected =
            switch exponent {
            case ..<(-128): "H[0.0e+00]=1"
            case 128...: "H[9.9e+127]=1"
            default: "H[\(shown.prefix(3))e\(shown.split(separator: "e")[1])]=1"
            }
        #expect(buckets(sketch) == [expected])
    }

    @Test("values that no double holds are left out rather than trapped on")
    func beyondDoubles() {
        let sketch = ExponentialCounts(
            schema: 3,
            positive: [.init(index: 1, count: 1), .init(index: 1_000_000, count: 1)]
        )
        #expect(buckets(sketch) == ["H[1.0e+00]=1"])
    }

    @Test("no value is lost between sketch and buckets, and each is within a bucket of its place", arguments: 0..<10)
    func counts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var counts: [Int: UInt64] = [:]
        for _ in 0..<1000 {
            counts[.random(in: -500...900, using: &random), default: 0] += .random(in: 1...3, using: &random)
        }
        let ascending = counts.sorted { $0.key < $1.key }.map {
            ExponentialCounts.Bucket(index: $0.key, count: $0.value)
        }
        let sketch = ExponentialCounts(schema: 6, zeroCount: 7, positive: ascending, negative: ascending)
        var total: UInt64 = 0
        var previous = -Double.infinity
        for text in buckets(sketch) {
            let parts = text.dropFirst(2).split(separator: "]=")
            let bound = try #require(Double(parts[0]))
            #expect(bound > previous, "ascending")
            previous = bound
            total += try #require(UInt64(parts[1]))
        }
        #expect(total == sketch.count)
    }

    private func buckets(_ sketch: ExponentialCounts) -> [String] {
        let found = text(encoder().encode(histogram(sketch.count, 0, sketch), at: 0))
        guard let start = found.firstRange(of: "\"_value\":["), let end = found.firstRange(of: "]}") else { return [] }
        return found[start.upperBound..<end.lowerBound].split(separator: ",").map { String($0.dropFirst().dropLast()) }
    }
}
