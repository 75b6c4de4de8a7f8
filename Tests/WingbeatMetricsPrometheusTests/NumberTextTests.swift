// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics
import WingbeatMetricsPrometheus

@Suite("Prometheus text of counters and gauges")
struct NumberTextTests {
    @Test("no families, no text")
    func empty() {
        #expect(PrometheusTextEncoder().encode(MetricSnapshot(families: [])).isEmpty)
    }
}
