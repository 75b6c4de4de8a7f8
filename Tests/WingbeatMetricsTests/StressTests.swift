// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Threads that come and go")
struct StressTests {
    @Test(
        "100 threads of 100,000 increments over 1,000 series: every sum exact, no reading smaller than the one before"
    )
    func counters() {
        let stress = CounterStress()
        let outcome = stress.run()
        let perSeries = Double(stress.threads * stress.increments / stress.series)
        #expect(outcome.sums.allSatisfy { $0 == perSeries })
        #expect(outcome.observed == UInt64(stress.threads * stress.increments / 8))
        #expect(outcome.shrunk == 0)
        #expect(outcome.readings > 0)
    }
}
