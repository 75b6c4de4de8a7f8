// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics

@Suite("Bucket layouts")
struct BucketsTests {
    @Test("a layout may have no bounds")
    func empty() {
        #expect(Buckets([]).upperBounds.isEmpty)
        #expect(Buckets.exponential(start: 1, factor: 2, count: 0).upperBounds.isEmpty)
        #expect(Buckets.linear(start: 1, width: 2, count: -1).upperBounds.isEmpty)
        #expect(Buckets.exponential(start: 1, factor: 2, count: -5).upperBounds.isEmpty)
    }

    @Test("bounds are sorted, each once, and only finite ones")
    func normalized() {
        #expect(Buckets([3, 1, 2, 1, .infinity, .nan, -.infinity, -4]).upperBounds == [-4, 1, 2, 3])
        #expect(Buckets([0, -0.0]).upperBounds == [0])
        #expect(Buckets([2, 1]) == Buckets([1, 2, .infinity]))
    }

    @Test("linear and exponential layouts start where they are told to")
    func generated() {
        #expect(Buckets.linear(start: -10, width: 5, count: 4).upperBounds == [-10, -5, 0, 5])
        #expect(Buckets.exponential(start: 0.5, factor: 2, count: 4).upperBounds == [0.5, 1, 2, 4])
        #expect(Buckets.exponential(start: 1, factor: 1, count: 4).upperBounds == [1])
        #expect(Buckets.exponential(start: 1e300, factor: 1e10, count: 4).upperBounds == [1e300])
    }

    @Test("the layout for durations has Prometheus' bounds")
    func seconds() {
        #expect(Buckets.seconds.upperBounds == [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
    }

    @Test("the general layout has OpenTelemetry's bounds, and one")
    func general() {
        let bounds: [Double] = [0, 1, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000]
        #expect(Buckets.general.upperBounds == bounds)
    }
}
