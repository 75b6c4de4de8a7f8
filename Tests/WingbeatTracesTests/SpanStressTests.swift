// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatTraces

@Suite("Spans under load")
struct SpanStressTests {
    @Test("eight threads that share, end, forget and give back spans: every one is in the books, none is torn")
    func books() {
        let outcome = SpanStress(rounds: 2_000).run()
        #expect(outcome.wrong == 0)
        #expect(outcome.totals.active == 0)
        #expect(outcome.totals.sampledOut == 0)
        #expect(outcome.reported == outcome.totals.finished)
        #expect(outcome.totals.started >= 8 * 2_000 * 2)
        #expect(outcome.totals.started == outcome.totals.finished + outcome.totals.forgotten)
        #expect(outcome.totals.forgotten >= 8 * 2_000)
    }
}
