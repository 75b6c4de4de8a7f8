// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Threads that come and go")
struct StressTests {
    /// Tests/ThreadSanitizer has more of both, in a release build and under the thread sanitizer.
    @Test("50 threads of 10,000 increments over 1,000 series: every sum exact, no reading smaller than the one before")
    func counters() async {
        let stress = CounterStress(threads: 50, increments: 10_000)
        let outcome = await withCheckedContinuation { finished in
            Thread { finished.resume(returning: stress.run()) }.start()  // it blocks
        }
        let perSeries = Double(stress.threads * stress.increments / stress.series)
        #expect(outcome.sums.allSatisfy { $0 == perSeries })
        #expect(outcome.observed == UInt64(stress.threads * stress.increments / 8))
        #expect(outcome.shrunk == 0)
        #expect(outcome.readings > 0)
    }
}
