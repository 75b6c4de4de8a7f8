// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel
import WingbeatTraces

/// What a tracer did, as metrics: at each reading `started = finished + forgotten + active`. They are read when somebody
/// reads the registry, and cost nothing before.
struct SpanMetrics: TallySource {
    let tracer: WingbeatTracer

    func read() -> (tallies: [Tally], isFinal: Bool) {
        let totals = tracer.totals
        let tallies = [
            sum("started", "Spans that began, recorded or not.", totals.started),
            sum("finished", "Spans that ended; one that is not recorded counts when it begins.", totals.finished),
            sum("sampled_out", "Spans that were not recorded.", totals.sampledOut),
            sum("forgotten", "Spans that were released without having ended, and are lost.", totals.forgotten),
            sum("left_out", "Attributes, events and links for which their span had no room.", totals.leftOut),
            Tally(
                name: "wingbeat.spans.active",
                help: "Recorded spans that have not ended yet.",
                isGauge: true,
                value: Double(totals.active)
            ),
        ]
        return (tallies, false)
    }

    private func sum(_ name: String, _ help: String, _ value: UInt64) -> Tally {
        Tally(name: "wingbeat.spans.\(name)", help: help, value: Double(value))
    }
}
