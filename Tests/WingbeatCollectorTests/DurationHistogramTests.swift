// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatCollector

@Suite("Durations in buckets")
struct DurationHistogramTests {
    @Test("nothing has no quantile and no bytes")
    func empty() {
        let none = DurationHistogram()
        #expect(none.quantile(0.5) == nil && none.count == 0 && none.bytes.isEmpty)
        #expect(DurationHistogram(bytes: []) == none)
    }

    @Test("quantiles of 10,000 durations are at most an eighth from the truth")
    func quantiles() {
        var random = SeededGenerator(seed: 9)
        var histogram = DurationHistogram()
        let durations = (0..<10_000).map { _ -> UInt64 in
            let power = UInt64.random(in: 0..<40, using: &random)
            return 1 << power | UInt64.random(in: 0..<999, using: &random)
        }
        for duration in durations { histogram.record(nanoseconds: duration) }
        let sorted = durations.sorted()
        for share in [0.01, 0.25, 0.5, 0.95, 0.99, 1] {
            let truth = Double(sorted[Int((Double(sorted.count) * share).rounded(.up)) - 1])
            #expect(abs(Double(histogram.quantile(share) ?? 0) - truth) <= truth / 8)
        }
    }

    @Test("the order makes no difference; bytes and sums keep every count", arguments: [1, 2, 3] as [UInt64])
    func sums(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var parts = [DurationHistogram(), DurationHistogram()]
        var whole = DurationHistogram()
        for _ in 0..<500 {
            let largest = UInt64.max >> UInt64.random(in: 0..<64, using: &random)
            let duration = UInt64.random(in: 0...largest, using: &random)
            parts[Int.random(in: 0...1, using: &random)].record(nanoseconds: duration)
            whole.record(nanoseconds: duration)
        }
        whole.record(nanoseconds: .max, times: 3)
        parts[0].record(nanoseconds: .max, times: 3)
        parts[1].record(nanoseconds: 5, times: 0)
        var sum = parts[0]
        sum.add(parts[1])
        var other = parts[1]
        other.add(parts[0])
        #expect(sum == whole && other == whole && whole.count == 503)
        #expect(DurationHistogram(bytes: whole.bytes) == whole)
    }

    @Test("damaged bytes are no histogram", arguments: [[1], [0x80], [0xFF, 0xFF, 0x7F, 1], [1, 0x80]] as [[UInt8]])
    func damaged(bytes: [UInt8]) {
        #expect(DurationHistogram(bytes: bytes) == nil)
    }
}
