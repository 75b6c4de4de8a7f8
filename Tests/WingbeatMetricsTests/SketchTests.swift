// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing
import WingbeatMetrics
import WingbeatModel

@Suite("Quantiles and native buckets")
struct SketchTests {
    private let registry = MetricRegistry()

    @Test("nobody who asks, no sketch")
    func none() throws {
        let histogram = registry.histogram("h")[]
        histogram.observe(1)
        #expect(registry.snapshot().histogram("h")?.sketch == nil)
    }

    @Test("every value is in the bucket whose bounds are around it, at any size")
    func bounds() throws {
        let histogram = registry.histogram("h", native: 6)[]
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            let value = exp2(Double.random(in: -31...31, using: &random))
            let one = registry.histogram("one", native: 6)
            let series = one[]
            series.observe(value)
            let sketch = try #require(registry.snapshot().histogram("one")?.sketch)
            let bucket = try #require(sketch.positive.first)
            #expect(sketch.upperBound(bucket.index) >= value * (1 - 1e-12))
            #expect(sketch.upperBound(bucket.index - 1) <= value * (1 + 1e-12))
            #expect(abs(sketch.middle(bucket.index) - value) <= 0.0055 * value)
            one.remove(series)
            histogram.observe(value)
        }
        let all = try #require(registry.snapshot().histogram("h")?.sketch)
        #expect(all.count == 2000)
        #expect(all.positive.map(\.index) == all.positive.map(\.index).sorted())
    }

    @Test("powers of two belong to the bucket that ends with them")
    func powers() throws {
        let series = registry.histogram("h", native: 6)[]
        for exponent in [-20, -1, 0, 1, 10, 30] { series.observe(exp2(Double(exponent))) }
        let sketch = try #require(registry.snapshot().histogram("h")?.sketch)
        #expect(sketch.positive.map(\.index) == [-20, -1, 0, 1, 10, 30].map { $0 * 64 })
    }

    @Test("zero, tiny, huge and negative values are counted, too")
    func extremes() throws {
        let series = registry.histogram("h", native: 6)[]
        for value in [0, 1e-12, -1e-12, 1e300, -5, -0.0] { series.observe(value) }
        let sketch = try #require(registry.snapshot().histogram("h")?.sketch)
        #expect(sketch.count == 6)
        #expect(sketch.zeroCount == 4)
        #expect(sketch.positive.map(\.count) == [1])
        #expect(sketch.negative.map(\.count) == [1])
        #expect(try abs(#require(sketch.quantile(0)) + 5) < 0.03)
        #expect(sketch.quantile(0.5) == 0)
    }

    @Test("coarser buckets hold the same values, exactly")
    func coarsened() throws {
        let series = registry.histogram("h", native: 3)[]
        for value in 1...1000 { series.observe(Double(value)) }
        let fine = try #require(registry.snapshot().histogram("h")?.sketch)
        for schema in [-4, 0, 3] {
            let coarse = fine.coarsened(to: schema)
            #expect(coarse.count == 1000)
            for bucket in coarse.positive {
                let upper = exp2(Double(bucket.index) * exp2(Double(-schema)))
                let lower = exp2(Double(bucket.index - 1) * exp2(Double(-schema)))
                let expected = (1...1000).filter {
                    Double($0) > lower * (1 + 1e-12) && Double($0) <= upper * (1 + 1e-12)
                }
                #expect(bucket.count == UInt64(expected.count))
            }
        }
    }

    @Test("a distribution without values has no quantiles")
    func empty() {
        #expect(ExponentialCounts(schema: 6).quantile(0.5) == nil)
        #expect(ExponentialCounts(schema: 6).count == 0)
    }

    @Test("a new series starts with an empty sketch, also where a removed one was")
    func reuse() throws {
        let family = registry.histogram("h", native: 6, labels: ["n"])
        family["1"].observe(5)
        family.remove(family["1"])
        family["2"].observe(7)
        #expect(registry.snapshot().histogram("h", ["n": "2"])?.sketch?.count == 1)
    }
}
